import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { runSql } from "./run-sql.ts";

const execute = promisify(execFile);
const MAX_BYTES = 64_000_000;

/** What a dump of a schema says, by object: `product nettle_search; Type: TRIGGER`, for example. */
export type SchemaDump = ReadonlyMap<string, string>;

/**
 * Returns whether `pg_dump` is installed and not older than a server. Without it, the tests that
 * need it are skipped with a warning; where CI is set, that is an error.
 */
export async function canDump(url: string): Promise<boolean> {
  const obstacle = await obstacleToDump(url);
  if (!obstacle) return true;
  if (process.env["CI"]) throw new Error(obstacle);
  console.warn(`The tests that need pg_dump are skipped. ${obstacle}`);
  return false;
}

/** Returns why `pg_dump` cannot dump a server, and what to do; undefined if it can. */
export async function obstacleToDump(url: string): Promise<string | undefined> {
  const found = await execute("pg_dump", ["--version"]).catch(() => undefined);
  if (!found) return "pg_dump is not installed: install the programs of a PostgreSQL client.";
  const program = Number(/\) (\d+)/.exec(found.stdout)?.[1]);
  const [row] = await runSql<{ version: string }>(
    url,
    "select current_setting('server_version_num') as version",
  );
  const server = Math.floor(Number(row?.version) / 10_000);
  if (program >= server) return undefined;
  return (
    `pg_dump ${program} cannot dump a PostgreSQL ${server}: install the programs of a PostgreSQL ` +
    `${server} client, or a PostgreSQL ${program} server on this machine, or set ` +
    `TEST_DATABASE_URL to a server of version ${program} at most.`
  );
}

/**
 * Returns what `pg_dump --schema-only` writes, in its own order.
 * @throws Error pg_dump failed
 */
export async function dumpSchema(url: string): Promise<SchemaDump> {
  const { stdout } = await execute("pg_dump", ["--schema-only", url], { maxBuffer: MAX_BYTES });
  const [, ...parts] = stdout.split(/^-- Name: /m);
  const dump = new Map<string, string>();
  for (const part of parts) {
    const [head, ...lines] = part.split("\n");
    const name = head!.replace(/; Owner: .*/, "");
    const text = lines.filter((line) => !/^(--|SET |\\(un)?restrict)/.test(line)).join("\n");
    if (dump.has(name)) throw new Error(`pg_dump names ${name} twice`);
    dump.set(name, text.trim());
  }
  return dump;
}

/** Returns how one dump differs from another, a line for each object; empty if it does not. */
export function schemaDifferences(expected: SchemaDump, found: SchemaDump): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].flatMap((name) => {
    const [before, after] = [expected.get(name), found.get(name)];
    if (before === after) return [];
    if (before === undefined) return [`new: ${name}`];
    if (after === undefined) return [`missing: ${name}`];
    return [`other: ${name}\n${before}\n-- is now --\n${after}`];
  });
}

/** Returns a dump without the objects that Nettle adds. */
export const withoutNettle = (dump: SchemaDump): SchemaDump =>
  new Map([...dump].filter(([name]) => !/\bnettle_/.test(name)));

/** Returns a dump in which the columns of each table are sorted by name. */
export const withSortedColumns = (dump: SchemaDump): SchemaDump =>
  new Map([...dump].map(([name, text]) => [name, sortedColumns(text)]));

function sortedColumns(text: string): string {
  const [, before, columns, after] =
    /^(CREATE TABLE [^\n]*\(\n)([\s\S]*?)(\n\);.*)$/s.exec(text) ?? [];
  if (columns === undefined) return text;
  const sorted = columns.split(",\n").toSorted().join(",\n");
  return `${before}${sorted}${after}`;
}
