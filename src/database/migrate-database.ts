import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { baselineMigrations, laterMigrations, type Migration } from "../../migrations/index.ts";
import { counted } from "../core/counted.ts";
import { StartupError } from "../core/startup-error.ts";
import { noteAdoption } from "../medusa-adoption/adoption-note.ts";
import { findObstacles } from "../medusa-adoption/find-obstacles.ts";
import { recogniseDatabase } from "../medusa-adoption/recognise-database.ts";
import { commandLine } from "../runtime/command-line.ts";
import { changedTables, findLackingRights } from "./adoption-rights.ts";
import { addFlags, readAddedFlags } from "./feature-flag-parts.ts";
import { withMigrationLock } from "./migration-lock.ts";
import { mustBeKnown, mustBeRecent, readMigrationState } from "./migration-state.ts";

interface MigrationOptions {
  /** Whether a database that Medusa built may be adopted. */
  adopt: boolean;
  /** Receives lines of progress. */
  log: (line: string) => void;
}

/** What a migration did. */
export interface MigrationReport {
  /**
   * `current`: there was nothing to do. `built`: the database was empty. `adopted`: Medusa had
   * built it. `moved`: an older version of Nettle had built it.
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
  moved: "Migrated the database",
};

const migrator: Knex.MigratorConfig & { beforeEach: Knex.LifecycleHook } = {
  tableName: "nettle_migrations",
  migrationSource: {
    getMigrations: async () => allMigrations as Migration[],
    getMigrationName: (migration: unknown) => (migration as Migration).name,
    getMigration: async (migration: unknown) => ({
      ...(migration as Migration),
      down: refuseToRevert,
    }),
  },
  beforeEach: async (connection) => {
    if (connection.isTransaction)
      await connection.raw("set local lock_timeout = '2s'; set local statement_timeout = 0");
  },
};

/**
 * Brings a database to this version's schema: builds an empty one, adopts one that Medusa 1.20.11
 * built if `adopt` allows it, migrates one that an older Nettle built. Concurrent migrations run
 * one after another, and an interrupted one is continued. Two queries suffice if nothing is to do.
 * @throws StartupError if the database holds another program's tables, may not be adopted, is not
 * at Medusa 1.20.11, is newer than this program, or does not grant the rights
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
    ran.length > 0 ? { result: "moved", ran: [] } : await buildOrAdopt(knex, options);
  const pending = laterMigrations.filter((migration) => !ran.includes(migration.name));
  const logging = knex.withUserParams({ log: options.log });
  for (const [index, { name }] of pending.entries()) {
    if (started.result !== "built") options.log(`Step ${index + 1} of ${pending.length}: ${name}`);
    await retryWhileLocked(name, options.log, () => logging.migrate.up({ ...migrator, name }));
  }
  const report = {
    ...started,
    ran: [...started.ran, ...pending.map((migration) => migration.name)],
  };
  options.log(`${sentences[report.result]}: ${counted(report.ran.length, "migration")} ran`);
  return report;
}

async function buildOrAdopt(knex: Knex, options: MigrationOptions): Promise<MigrationReport> {
  const found = await recogniseDatabase(knex);
  if (found.kind === "foreign") throw new StartupError(notOurs(found.tables));
  if (found.kind === "empty") {
    const last = baselineMigrations.at(-1)!.name;
    await retryWhileLocked(last, options.log, () => knex.migrate.to({ ...migrator, name: last }));
    return { result: "built", ran: baselineMigrations.map(({ name }) => name) };
  }
  if (!options.adopt) {
    throw new StartupError(
      `This database was built by Medusa (${counted(found.ranMigrations, "migration")}, the last ` +
        `${found.lastMigration}) and Nettle has not adopted it: run ` +
        `${commandLine("migrate")} once, or start with NETTLE_ADOPT=yes. Its rows remain ` +
        `unchanged, and ${commandLine("migrate --undo")} takes Nettle off again.`,
    );
  }
  const { obstacles, flagsToAdd } = await findObstacles(knex, await readAddedFlags(knex));
  if (obstacles.length > 0) throw new StartupError(obstacles.join("\n"));
  const lacking = await findLackingRights(knex, changedTables(flagsToAdd));
  if (lacking)
    throw new StartupError(
      `The database user ${lacking.message}, so nothing was changed: ${lacking.action}.`,
    );
  await knex.migrate.list(migrator);
  for (const flag of flagsToAdd) {
    options.log(`Adding what Medusa's feature flag ${flag.name}, which is off, has left out`);
    await retryWhileLocked(flag.name, options.log, () => addFlags(knex, [flag]));
  }
  await markBaseline(knex);
  return { result: "adopted", ran: [] };
}

/** Records the baseline as done, in one transaction, so that a database is never half adopted. */
async function markBaseline(knex: Knex): Promise<void> {
  const rows = baselineMigrations.map(({ name }) => ({
    name,
    batch: 1,
    migration_time: new Date(),
  }));
  await knex.transaction(async (trx) => {
    await noteAdoption(trx);
    await trx("nettle_migrations").insert(rows);
  });
}

/**
 * Runs a migration and retries it while tables are locked. The shop may be open and its statements
 * queue behind a waiting migration, so it waits only briefly for a lock and tries again later.
 * @throws StartupError if the tables stay locked
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
        `Migration ${name} waits for tables that others use ` +
          `(attempt ${attempt} of ${MAX_LOCK_ATTEMPTS})`,
      );
      await sleep(attempt * 200);
    }
  }
}

async function refuseToRevert(): Promise<void> {
  throw new Error("Migrations cannot be reverted");
}

function hasCode(error: unknown, code: string): error is Error {
  return error instanceof Error && "code" in error && error.code === code;
}

function noRights(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    `The database user may not change the tables (${reason}): ` +
    `run ${commandLine("migrate")} once as their owner, or grant the user that right.`
  );
}

function notOurs(tables: string[]): string {
  const more = tables.length > 4 ? ` and ${tables.length - 4} more` : "";
  return (
    "This database holds tables that are neither Nettle's nor Medusa's " +
    `(${tables.slice(0, 4).join(", ")}${more}): ` +
    "set DATABASE_URL to an empty database, or to one that Medusa 1.20.11 built."
  );
}

function tooBusy(name: string): string {
  return (
    `Migration ${name} could not lock its tables, since other programs use them in long ` +
    `transactions: run ${commandLine("migrate")} again at a quieter time.`
  );
}
