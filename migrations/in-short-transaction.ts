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
  for (let attempt = 1; ; attempt++) {
    try {
      await knex.transaction(async (trx) => {
        const timeout = Math.round(LOCK_TIMEOUT_MS * LOCK_TIMEOUT_GROWTH ** (attempt - 1));
        const lockTimeout = Math.min(timeout, MAX_LOCK_TIMEOUT_MS);
        await trx.raw(`set local lock_timeout = ${lockTimeout}; set local statement_timeout = 0`);
        await execute(trx);
      });
      return;
    } catch (error) {
      const { code = "" } = error as { code?: string };
      if (attempt === MAX_ATTEMPTS || !RETRYABLE_CODES.has(code)) throw error;
      await sleep(Math.min(100 * attempt, 2000) * (0.5 + Math.random()));
    }
  }
}
