import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { settings } from "../../src/config/settings.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** Settings that one comment of `.env.example` describes together. */
interface DescribedSettings {
  readonly section: string;
  readonly names: readonly string[];
  readonly text: string;
}

/** Returns the tables of all settings, by section: defaults of the code, words of .env.example. */
export function settingsTable(): string {
  const described = readDescriptions();
  const sections = [...new Set(described.map(({ section }) => section))];
  return sections
    .map((section) => {
      const rows = described
        .filter((one) => one.section === section)
        .map(({ names, text }) => {
          const defaults = names.map((name) => defaultOf(name));
          return `| ${names.map(code).join("<br>")} | ${defaults.join("<br>")} | ${text} |`;
        });
      const head = ["| setting | default | meaning |", "| --- | --- | --- |"];
      return [`### ${section}`, "", ...head, ...rows].join("\n");
    })
    .join("\n\n");
}

const code = (text: string) => `\`${text}\``;

/** Returns what the code takes where the setting is missing. */
function defaultOf(name: string): string {
  const schema = Reflect.get(settings.shape, name);
  if (!schema) throw new Error(`${name} is no setting`);
  const value = schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
  return typeof value === "string" && value ? code(value) : "–";
}

function readDescriptions(): DescribedSettings[] {
  const text = readFileSync(join(projectRoot(), ".env.example"), "utf8");
  const described: DescribedSettings[] = [];
  let section = "";
  for (const paragraph of text.split(/\n{2,}/)) {
    section = /^# ── (.*?) ─/m.exec(paragraph)?.[1] ?? section;
    const names = [...paragraph.matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name!);
    if (names.length === 0) continue;
    described.push({ section, names, text: meaningIn(paragraph) });
  }
  return described;
}

/** Returns the sentences of a comment, without those that tell the defaults. */
function meaningIn(paragraph: string): string {
  return paragraph
    .split("\n")
    .filter((line) => line.startsWith("# ") && !/^# [A-Z][A-Z_]+=/.test(line))
    .map((line) => line.slice(2))
    .join(" ")
    .replace(/\s*Defaults?(?: of the lag)?: .*?(?:\.(?=\s[A-Z])|\.?$)/, "")
    .replaceAll("|", "\\|")
    .replaceAll(/(?<![`\w])(\*|<)/g, "\\$1")
    .trim();
}
