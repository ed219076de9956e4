import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { inTransaction, type Transaction } from "../database/transaction.ts";
import { sendSignals } from "./commit-signals.ts";

export type { Transaction };

/**
 * The errors by which PostgreSQL ends one of two conflicting transactions, which may then try
 * again: serialization failure, deadlock.
 */
const RETRYABLE_CODES = new Set(["40001", "40P01"]);
const MAX_ATTEMPTS = 5;

/**
 * Runs `execute` in one transaction and returns its result. Everything is rolled back when it
 * throws. After a conflict with another transaction `execute` runs again, up to five times, so it
 * must act only through `trx`.
 */
export async function runInTransaction<T>(
  database: Knex,
  execute: (trx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let current: Transaction | undefined;
    try {
      const result = await inTransaction(database, (trx) => {
        current = trx;
        return execute(trx);
      });
      sendSignals(database, current);
      return result;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !RETRYABLE_CODES.has((error as { code?: string }).code ?? ""))
        throw error;
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
}
