import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";

/**
 * Others queue behind one that waits for a lock, so it gives up early and tries again. Where long
 * reads follow each other, it has to wait for longer at last.
 */
const LOCK_TIMEOUT_MS = 200;
const MAX_LOCK_TIMEOUT_MS = 3000;
const LOCK_TIMEOUT_GROWTH = 1.15;
const MAX_ATTEMPTS = 30;
/** Lock not available, deadlock. */
const RETRYABLE_CODES = new Set(["55P03", "40P01"]);

/** How long a transaction waits for a lock. It grows with each attempt that failed. */
interface LockTimeout {
  milliseconds: number;
}

/**
 * Runs statements in a transaction of their own, which waits only briefly for a lock and tries
 * again later. One that changes several of Medusa's tables would hold the locks of some while it
 * waits for another: give each table a transaction.
 * @throws Error with the code 55P03 if the tables stay locked
 */
export async function inShortTransaction(
  knex: Knex,
  execute: (trx: Knex.Transaction) => Promise<unknown>,
): Promise<void> {
  await inOneTransaction(knex, execute, { milliseconds: LOCK_TIMEOUT_MS });
}

/**
 * Runs statements for each of several tables in a short transaction, one after another. What one
 * table has taught about the reads of others counts for the next ones, since each attempt that
 * fails keeps others waiting for nothing. After each table others have as much time as it took.
 * @throws Error with the code 55P03 if a table stays locked
 */
export async function inShortTransactions<Table>(
  knex: Knex,
  tables: readonly Table[],
  execute: (trx: Knex.Transaction, table: Table) => Promise<unknown>,
): Promise<void> {
  const timeout = { milliseconds: LOCK_TIMEOUT_MS };
  for (const table of tables) {
    const taken = await inOneTransaction(knex, (trx) => execute(trx, table), timeout);
    await sleep(taken);
  }
}

/** Returns how long the attempt that succeeded has taken, in milliseconds. */
async function inOneTransaction(
  knex: Knex,
  execute: (trx: Knex.Transaction) => Promise<unknown>,
  timeout: LockTimeout,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const begin = performance.now();
    try {
      await knex.transaction(async (trx) => {
        const lockTimeout = Math.round(timeout.milliseconds);
        await trx.raw(`set local lock_timeout = ${lockTimeout}; set local statement_timeout = 0`);
        await execute(trx);
      });
      return performance.now() - begin;
    } catch (error) {
      const { code = "" } = error as { code?: string };
      if (attempt === MAX_ATTEMPTS || !RETRYABLE_CODES.has(code)) throw error;
      timeout.milliseconds = Math.min(
        timeout.milliseconds * LOCK_TIMEOUT_GROWTH,
        MAX_LOCK_TIMEOUT_MS,
      );
      await sleep(Math.min(100 * attempt, 2000) * (0.5 + Math.random()));
    }
  }
}
