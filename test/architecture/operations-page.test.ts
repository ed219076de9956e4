import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { settings } from "../../src/config/settings.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { settingsTable } from "./settings-table.ts";

const file = join(projectRoot(), "docs/operations.md");
const page = readFileSync(file, "utf8");

/** The part of the page between two marks. */
function between(mark: string): string {
  const found = new RegExp(`<!-- ${mark} -->\\n\\n([^]*?)\\n\\n<!-- /${mark} -->`).exec(page);
  if (!found) throw new Error(`docs/operations.md has no part ${mark}`);
  return found[1]!;
}

/** A table without the spaces and dashes that align its columns. */
const withoutPadding = (table: string) =>
  table.replaceAll(/ {2,}/g, " ").replaceAll(/-{3,}/g, "---");

/** The names in the first column of the tables of a part. */
const firstColumn = (mark: string) =>
  between(mark)
    .split("\n")
    .flatMap((line) => /^\| (`[^|]*) \|/.exec(line)?.[1]?.match(/(?<=`)[^`]+(?=`)/g) ?? [])
    .filter((name) => /^\w+$/.test(name));

/** Every event that the code logs: a name with an underscore, and `request`. */
function loggedEvents(): string[] {
  const folder = join(projectRoot(), "src");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".spec.ts"))
    .flatMap((name) => [
      ...readFileSync(join(folder, name), "utf8").matchAll(
        /\bevent: "([a-z]+(?:_[a-z]+)+|request)"/g,
      ),
    ])
    .map(([, event]) => event!);
  return [...new Set(names)].toSorted();
}

describe("docs/operations.md", () => {
  it("lists every setting with the default of the code and the words of .env.example", () => {
    const table = settingsTable();
    if (process.env["UPDATE_OPERATIONS_PAGE"])
      writeFileSync(
        file,
        page.replace(`\n${between("settings")}\n`, () => `\n${table}\n`),
      );
    else expect(withoutPadding(between("settings"))).toBe(withoutPadding(table));
    expect(firstColumn("settings").toSorted()).toEqual(Object.keys(settings.shape).toSorted());
  });

  it("explains every event that is logged, and no other", () => {
    const events = loggedEvents();
    expect(events.length).toBeGreaterThan(50);
    expect(firstColumn("events").toSorted()).toEqual(events);
  });

  it("says of every alert what it means and what to do", () => {
    const text = readFileSync(join(projectRoot(), "docs/examples/alerts.yml"), "utf8");
    const { groups } = parse(text) as { groups: { rules: { alert: string }[] }[] };
    const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    expect(firstColumn("alerts")).toEqual(alerts);
  });
});
