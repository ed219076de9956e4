import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { withoutTimeouts } from "../../migrations/build-concurrently.ts";
import { inShortTransaction, inShortTransactions } from "../../migrations/in-short-transaction.ts";
import { counted } from "../core/counted.ts";
import { StartupError } from "../core/startup-error.ts";
import { commandLine } from "../runtime/command-line.ts";
import { keepAddedFlags, removeAddedFlags } from "./feature-flag-parts.ts";
import { withMigrationLock } from "./migration-lock.ts";
import { REMOVAL_MARK, readMigrationState } from "./migration-state.ts";
import { findBusyNettle, findLosses, findUnsettledPayments } from "./removal-checks.ts";

type Log = (line: string) => void;

interface RemovalOptions {
  /** Whether the tables and columns that were added for Medusa's feature flags stay. */
  readonly keepFlags?: boolean;
  /** Receives lines of progress. */
  readonly log: Log;
}

const LOCK_NOT_AVAILABLE = "55P03";
const BUSY_TRIES = 10;
const BUSY_INTERVAL_MS = 200;

/**
 * Removes everything that Nettle has added to a database: triggers, indexes, functions, tables and
 * sequences whose names begin with `nettle_`, and the extension that it has created. The shop's own
 * rows stay. Only one table is locked at a time, and only briefly, so the shop may stay open. An
 * interrupted removal is finished by the next one.
 * @throws StartupError if Nettle runs on the database, payments are unsettled, or other objects
 * depend on Nettle's (nothing is removed then), or if a table stays locked
 */
export async function removeNettle(
  knex: Knex,
  { log, keepFlags = false }: RemovalOptions,
): Promise<void> {
  if (!(await hasOwnObjects(knex)))
    return log("Nettle is not on this database: there is nothing to undo");
  await mustBeRemovable(knex);
  await withMigrationLock(knex, log, () => removeAll(knex, log, keepFlags));
  log("Nettle is removed from this database. The shop's own rows are as they were.");
}

async function removeAll(knex: Knex, log: Log, keepFlags: boolean): Promise<void> {
  try {
    for (const loss of await findLosses(knex)) log(loss);
    await markRemoval(knex);
    if (keepFlags) await keepAddedFlags(knex, log);
    await dropTriggers(knex, log);
    await removeAddedFlags(knex, log);
    await dropIndexes(knex, log);
    const extensions = await ownExtensions(knex);
    await dropOwnTables(knex, log);
    for (const name of extensions) await dropExtension(knex, name, log);
  } catch (error) {
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new StartupError(
      "A table of the shop stayed locked, so Nettle is only partly removed: " +
        `run ${commandLine("migrate --undo")} again, at best when less goes on.`,
    );
  }
}

async function mustBeRemovable(knex: Knex): Promise<void> {
  const running = await whileBusy(() => findBusyNettle(knex));
  if (running > 0)
    throw new StartupError(
      `Nettle runs on this database (${counted(running, "connection")}): stop its servers first.`,
    );
  const unsettled = await findUnsettledPayments(knex);
  if (unsettled.length === 0) return;
  const shown = unsettled.slice(0, 20).map((line) => `  ${line}`);
  const more = unsettled.length - shown.length;
  throw new StartupError(
    [
      counted(unsettled.length, "payment is", "payments are") +
        " not settled yet, so nothing was removed:",
      ...shown,
      ...(more > 0 ? [`  and ${more} more`] : []),
      "Start Nettle until each has become an order or was voided or refunded.",
    ].join("\n"),
  );
}

/** Connections of a process that was killed end a little later. */
async function whileBusy(count: () => Promise<number>): Promise<number> {
  for (let tries = 1; ; tries++) {
    const running = await count();
    if (running === 0 || tries === BUSY_TRIES) return running;
    await sleep(BUSY_INTERVAL_MS);
  }
}

async function hasOwnObjects(knex: Knex): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `select from pg_class
     where relnamespace = current_schema()::regnamespace and starts_with(relname, 'nettle_')
     limit 1`,
  );
  return rows.length > 0;
}

/** From now on no server starts on the database, since it lacks a part of ours. */
async function markRemoval(knex: Knex): Promise<void> {
  const { started } = await readMigrationState(knex);
  if (!started) return;
  await knex.raw(
    `insert into nettle_migrations (name, batch, migration_time)
     select ?, 0, now() where not exists (select from nettle_migrations where name = ?)`,
    [REMOVAL_MARK, REMOVAL_MARK],
  );
}

async function dropTriggers(knex: Knex, log: Log): Promise<void> {
  const tables = await texts(
    knex,
    `select distinct tgrelid::regclass::text as text from pg_trigger
     join pg_class on pg_class.oid = tgrelid
     where not tgisinternal and tgname like 'nettle\\_%'
       and relnamespace = current_schema()::regnamespace`,
  );
  await inShortTransactions(knex, tables, async (trx, table) => {
    const names = await texts(
      trx,
      `select quote_ident(tgname) as text from pg_trigger
       where not tgisinternal and tgname like 'nettle\\_%' and tgrelid = '${table}'::regclass`,
    );
    await trx.raw(names.map((name) => `drop trigger ${name} on ${table}`).join("; "));
  });
  log(`Dropped the triggers of ${counted(tables.length, "table")}`);
}

async function dropIndexes(knex: Knex, log: Log): Promise<void> {
  const indexes = await texts(
    knex,
    `select quote_ident(indexname) as text from pg_indexes
     where schemaname = current_schema()
       and indexname like 'nettle\\_%' and tablename not like 'nettle\\_%'`,
  );
  await withoutTimeouts(knex, async (run) => {
    for (const index of indexes) await run(`drop index concurrently if exists ${index}`);
  });
  log(`Dropped ${counted(indexes.length, "index", "indexes")}`);
}

async function ownExtensions(knex: Knex): Promise<string[]> {
  const [known] = await texts(knex, "select to_regclass('nettle_extension')::text as text");
  return known ? texts(knex, "select quote_ident(name) as text from nettle_extension") : [];
}

async function dropOwnTables(knex: Knex, log: Log): Promise<void> {
  const inSchema = "= current_schema()::regnamespace";
  await inShortTransaction(knex, async (trx) => {
    const functions = await texts(
      trx,
      `select oid::regprocedure::text as text from pg_proc
       where proname like 'nettle\\_%' and pronamespace ${inSchema}`,
    );
    const kinds = { table: "'r', 'p'", sequence: "'S'" };
    if (functions.length > 0) await dropAll(trx, "function", functions);
    for (const [kind, codes] of Object.entries(kinds)) {
      const names = await texts(
        trx,
        `select oid::regclass::text as text from pg_class
         where relname like 'nettle\\_%' and relkind in (${codes}) and relnamespace ${inSchema}`,
      );
      if (names.length > 0) await dropAll(trx, kind, names);
      log(`Dropped ${counted(names.length, kind)}`);
    }
  });
}

/** @throws StartupError if an object that is not Nettle's depends on one of them */
async function dropAll(trx: Knex.Transaction, kind: string, names: string[]): Promise<void> {
  try {
    await trx.raw(`drop ${kind} ${names.join(", ")}`);
  } catch (error) {
    const { code, detail = "" } = error as { code?: string; detail?: string };
    if (code !== "2BP01") throw error;
    throw new StartupError(
      "Other objects depend on Nettle's: drop them, and run " +
        `${commandLine("migrate --undo")} again. ${detail}`,
    );
  }
}

/** Other indexes may use the extension by now; then it stays. */
async function dropExtension(knex: Knex, name: string, log: Log): Promise<void> {
  try {
    await knex.raw(`drop extension if exists ${name}`);
    log(`Dropped the extension ${name}`);
  } catch {
    log(`The extension ${name} stays: other objects use it, or this user may not drop it`);
  }
}

async function texts(knex: Knex, statement: string): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { text: string | null }[] }>(statement);
  return rows.flatMap(({ text }) => text ?? []);
}
