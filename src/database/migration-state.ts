import type { Knex } from "knex";
import { StartupError } from "../core/startup-error.ts";
import { commandLine } from "../runtime/command-line.ts";

const MIN_POSTGRES_VERSION = 13;

/** The name under which a removal of Nettle is recorded until it is finished. */
export const REMOVAL_MARK = "removal";

interface MigrationState {
  /** As in `server_version_num`: 150018 is 15.18. */
  serverVersion: number;
  /** Names of the migrations that ran on the database; empty if none did. */
  ran: string[];
  /** Whether the table of those migrations exists. */
  started: boolean;
}

/** Reads the server's version and the migrations that ran, in at most two queries. */
export async function readMigrationState(knex: Knex): Promise<MigrationState> {
  const { rows } = await knex.raw<{ rows: { version: number; migrated: boolean }[] }>(`
    select current_setting('server_version_num')::int as version,
      to_regclass(quote_ident(current_schema()) || '.nettle_migrations') is not null as migrated`);
  const [{ version, migrated } = { version: 0, migrated: false }] = rows;
  const ran = migrated ? await knex("nettle_migrations").orderBy("id").pluck<string[]>("name") : [];
  return { serverVersion: version, ran, started: migrated };
}

/** @throws StartupError if the server is older than PostgreSQL 13 */
export function mustBeRecent(serverVersion: number): void {
  const major = Math.floor(serverVersion / 10_000);
  if (major < MIN_POSTGRES_VERSION)
    throw new StartupError(
      `PostgreSQL ${MIN_POSTGRES_VERSION} or newer is required; this server is ${major}.`,
    );
}

/**
 * @throws StartupError if migrations ran that this program does not know, or Nettle is being
 * removed
 */
export function mustBeKnown(ran: readonly string[], known: readonly { name: string }[]): void {
  const unknown = ran.filter((name) => !known.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  if (unknown.includes(REMOVAL_MARK))
    throw new StartupError(
      "Nettle is being removed from this database: run " +
        `${commandLine("migrate --undo")} again to finish that.`,
    );
  throw new StartupError(
    "This database was migrated by a newer Nettle " +
      `(${unknown.slice(0, 3).join(", ")} unknown here): start that version, or a newer one.`,
  );
}
