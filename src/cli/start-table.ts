import type { Config } from "../config/config.ts";
import { demoDiscounts } from "../demo/promotions.ts";
import type { DemoShop } from "../prepare-database.ts";

/** What runs. */
interface Started {
  readonly url: string;
  readonly demo: DemoShop | undefined;
  /** Undefined where another process has loaded them. */
  readonly providers?: string | undefined;
}

/** A name and what there is to say. */
export type Fact = readonly [name: string, value: string];

/** Returns what whoever starts the server needs to know: where it is, and what it was told. */
export function startFacts(config: Config, { url, demo, providers }: Started): Fact[] {
  return [
    ["Shop", `${url}/${demo ? `  (${demo.shop}, a demo)` : ""}`],
    ["Reference", `${url}/docs`],
    ["Postman", `${url}/postman.json`],
    ["Health", `${url}/ready`],
    ...(demo ? demoFacts(demo) : []),
    ["Settings", settingsRead(config)],
    [
      "Database",
      demo ? `PostgreSQL of its own, in ${demo.directory}` : placeOf(config.database.url),
    ],
    ["Redis", config.redisUrl ? placeOf(config.redisUrl) : "none: sessions are in PostgreSQL"],
    ...(providers === undefined ? [] : [["Providers", providers] as const]),
    ...(demo
      ? [["Try", `curl '${url}/store/products?limit=3&fields=title,handle&expand='`] as const]
      : []),
  ];
}

function demoFacts({ customer, giftCardCode }: DemoShop): Fact[] {
  const codes = demoDiscounts.map(({ code }) => code).join(", ");
  return [
    ["Customer", `${customer.email} / ${customer.password}`],
    ["Codes", codes],
    ["Gift card", giftCardCode],
  ];
}

function settingsRead({ file }: Config): string {
  if (!file) return "the environment alone: there is no .env";
  const others = file.otherNames.length > 0 ? `; not ours: ${file.otherNames.join(", ")}` : "";
  const unread = file.unread === undefined ? "" : `; not read: ${file.unread}`;
  return file.path + others + unread;
}

/** Returns an address without user and password. */
function placeOf(address = ""): string {
  const { host, pathname } = new URL(address);
  return host + pathname;
}

/** Returns the facts as a table for a reader. */
export function startTable(url: string, facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  const rows = facts.map(([name, value]) => `  ${`${name}:`.padEnd(width)}${value}`);
  return `\nNettle is at ${url}\n${rows.join("\n")}\n`;
}
