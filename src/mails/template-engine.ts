import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Liquid } from "liquidjs";
import { formatAmount } from "../money/format-amount.ts";

/** What runs templates: HTML with every value escaped, and text as it is. */
export interface TemplateEngine {
  readonly html: Liquid;
  readonly text: Liquid;
  /** The contents of the templates by their names, such as `parts/lines.html`. */
  readonly files: Readonly<Record<string, string>>;
}

/** A template that never ends does not stop the shop. */
const MAX_MILLISECONDS = 5000;

/**
 * Opens an engine with the templates of these folders, as they are now: a file in an earlier folder
 * stands for the one of the same name in a later folder. Templates reach no other file.
 */
export async function openTemplateEngine(folders: readonly string[]): Promise<TemplateEngine> {
  const { Liquid } = await import("liquidjs");
  const files = Object.assign({}, ...folders.toReversed().map(readTemplates));
  const options = {
    templates: files,
    cache: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    renderLimit: MAX_MILLISECONDS,
  };
  const html = new Liquid({ ...options, outputEscape: "escape" });
  const text = new Liquid(options);
  for (const liquid of [html, text]) {
    liquid.registerFilter("money", money);
    liquid.registerFilter("day", day);
    liquid.registerFilter("country", country);
  }
  return { html, text, files };
}

/** Returns the message of what a template throws, with its file and line. */
export function messageWithFile(error: unknown, { files }: TemplateEngine): string {
  const { message, token } = error as { message: string; token?: { input?: string } };
  // The engine does not name the file of a variable that there is not.
  if (message.includes("file:") || token?.input === undefined) return message;
  const file = Object.keys(files).find((name) => files[name] === token.input);
  return file ? message.replace(", line:", `, file:${file}, line:`) : message;
}

/** Returns the templates of a folder and of the folders in it. */
function readTemplates(folder: string): Record<string, string> {
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`));
  const names = [...readdirSync(folder), ...below].filter((name) => /\.(html|txt)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

type Filter = { readonly context: { getSync(path: string[]): unknown } };

const languageOf = (filter: Filter) => String(filter.context.getSync(["language"]));

/** `{{ amount | money: currency_code }}`: `€12.50`, `12,50 €`, `¥1,250`. */
function money(this: Filter, amount: unknown, currencyCode: unknown): string {
  if (typeof amount !== "number" || typeof currencyCode !== "string")
    throw new Error("money needs an amount and a currency: {{ amount | money: currency_code }}");
  return formatAmount(amount, currencyCode, languageOf(this));
}

/** `{{ created_at | day }}`: `November 26, 2026`, `26. November 2026`. */
function day(this: Filter, time: string): string {
  return new Intl.DateTimeFormat(languageOf(this), { dateStyle: "long" }).format(new Date(time));
}

/** `{{ country_code | country }}`: `Germany`, `Deutschland`. */
function country(this: Filter, code: unknown): string {
  if (typeof code !== "string" || !/^[a-z]{2}$/i.test(code)) return "";
  const names = new Intl.DisplayNames(languageOf(this), { type: "region" });
  return names.of(code.toUpperCase()) ?? code;
}
