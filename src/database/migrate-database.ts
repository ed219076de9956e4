import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { baselineMigrations, laterMigrations, type Migration } from "../../migrations/index.ts";
import { StartupError } from "../core/startup-error.ts";
import { checkMedusaSchema } from "../medusa-adoption/check-medusa-schema.ts";
import { recogniseDatabase } from "../medusa-adoption/recognise-database.ts";
import { withMigrationLock } from "./migration-lock.ts";
import { mustBeKnown, mustBeRecent, readMigrationState } from "./migration-state.ts";

interface MigrationOptions {
  /** Whether a database that Medusa built may be adopted. */
  adopt: boolean;
  /** Told what happens, a line at a time. */
  log: (line: string) => void;
}

export interface MigrationReport {
  /**
   * `current`: nothing was left to do. `built`: the database was empty. `adopted`: Medusa had built
   * it. `moved`: it was ours, and older.
   */
  result: "current" | "built" | "adopted" | "moved";
  /** Names of the migrations that ran, in order. */
  ran: string[];
}

const allMigrations = [...baselineMigrations, ...laterMigrations];
const MAX_LOCK_ATTEMPTS = 20;

const sentences: Record<MigrationReport["result"], string> = {
  current: "The database is up to date",
  built: "Built the database",
  adopted: "Adopted the database that Medusa built",
  moved: "Moved the database forward",
};

const migrator: Knex.MigratorConfig & { beforeEach: Knex.LifecycleHook } = {
  tableName: "nettle_migrations",
  migrationSource: {
    getMigrations: async () => allMigrations as Migration[],
    getMigrationName: (migration: unknown) => (migration as Migration).name,
    getMigration: async (migration: unknown) => ({
      ...(migration as Migration),
      down: refuseToGoBack,
    }),
  },
  beforeEach: async (connection) => {
    if (connection.isTransaction)
      await connection.raw("set local lock_timeout = '2s'; set local statement_timeout = 0");
  },
};

/**
 * Brings a database to this version's schema: builds it on an empty one, adopts one that Medusa
 * 1.20.11 built where that is allowed, moves an older one of ours forward. Two at once take turns;
 * one that was killed is continued. Nothing to do costs two queries.
 * @throws StartFailure the database is not ours to touch, not allowed to be adopted, not at Medusa
 * 1.20.11, or newer than this program
 */
export async function migrateDatabase(
  knex: Knex,
  options: MigrationOptions,
): Promise<MigrationReport> {
  const state = await readMigrationState(knex);
  mustBeRecent(state.serverVersion);
  mustBeKnown(state.ran, allMigrations);
  if (state.ran.length === allMigrations.length) return { result: "current", ran: [] };
  try {
    return await withMigrationLock(knex, options.log, () => migrateLocked(knex, options));
  } catch (error) {
    throw hasCode(error, "42501") ? new StartupError(noRights(error)) : error;
  }
}

async function migrateLocked(knex: Knex, options: MigrationOptions): Promise<MigrationReport> {
  const { ran } = await readMigrationState(knex);
  mustBeKnown(ran, allMigrations);
  if (ran.length === allMigrations.length) return { result: "current", ran: [] };
  await knex.migrate.forceFreeMigrationsLock(migrator);
  const started: MigrationReport =
    ran.length > 0 ? { result: "moved", ran: [] } : await layBaseline(knex, options);
  const pending = laterMigrations.filter((migration) => !ran.includes(migration.name));
  for (const { name } of pending)
    await retryWhileLocked(name, options.log, () => knex.migrate.up({ ...migrator, name }));
  const report = {
    ...started,
    ran: [...started.ran, ...pending.map((migration) => migration.name)],
  };
  options.log(`${sentences[report.result]}: ${report.ran.length} migrations ran`);
  return report;
}

async function layBaseline(knex: Knex, options: MigrationOptions): Promise<MigrationReport> {
  const found = await recogniseDatabase(knex);
  if (found.kind === "foreign") throw new StartupError(notOurs(found.tables));
  if (found.kind === "empty") {
    const last = baselineMigrations.at(-1)!.name;
    await retryWhileLocked(last, options.log, () => knex.migrate.to({ ...migrator, name: last }));
    return { result: "built", ran: baselineMigrations.map(({ name }) => name) };
  }
  if (!options.adopt) {
    throw new StartupError(
      `This database was built by Medusa (${found.ranMigrations} migrations, the last ${found.lastMigration}) and Nettle has not adopted it: ` +
        "run `npx nettle migrate` once, or start with NETTLE_ADOPT=yes. Its tables stay as they are.",
    );
  }
  await checkMedusaSchema(knex);
  await markBaseline(knex);
  return { result: "adopted", ran: [] };
}

/** In one transaction, so that a database is adopted or not. */
async function markBaseline(knex: Knex): Promise<void> {
  await knex.migrate.list(migrator);
  const rows = baselineMigrations.map(({ name }) => ({
    name,
    batch: 1,
    migration_time: new Date(),
  }));
  await knex.transaction((trx) => trx("nettle_migrations").insert(rows));
}

/**
 * The shop may be open: a lock that does not come soon is given up, so that nobody queues behind
 * it, and asked for again.
 */
async function retryWhileLocked(
  name: string,
  log: (line: string) => void,
  execute: () => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await execute();
      return;
    } catch (error) {
      if (!hasCode(error, "55P03") && !hasCode(error, "40P01")) throw error;
      if (attempt === MAX_LOCK_ATTEMPTS) throw new StartupError(tooBusy(name));
      log(
        `Migration ${name} waits for tables that others use (attempt ${attempt} of ${MAX_LOCK_ATTEMPTS})`,
      );
      await sleep(attempt * 200);
    }
  }
}

async function refuseToGoBack(): Promise<void> {
  throw new Error("Migrations go forward only");
}

function hasCode(error: unknown, code: string): error is Error {
  return error instanceof Error && "code" in error && error.code === code;
}

function noRights(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `The database user may not change the tables (${why}): run \`npx nettle migrate\` once as their owner, or give the user that right.`;
}

function notOurs(tables: string[]): string {
  const more = tables.length > 4 ? ` and ${tables.length - 4} more` : "";
  return (
    `This database holds tables that are neither Nettle's nor Medusa's (${tables.slice(0, 4).join(", ")}${more}): ` +
    "give DATABASE_URL an empty database, or one that Medusa 1.20.11 built."
  );
}

function tooBusy(name: string): string {
  return `Migration ${name} could not get its locks, since other programs hold tables in long transactions: run \`npx nettle migrate\` again at a quieter time.`;
}
