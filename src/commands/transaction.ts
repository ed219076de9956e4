import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";

/** A connection with an open transaction: who writes says so in its type. */
export type Transaction = Knex.Transaction;

/**
 * Collisions that PostgreSQL ends by refusing one side, which then only has to ask again:
 * serialization failure, deadlock.
 */
const RETRYABLE_CODES = new Set(["40001", "40P01"]);
const MAX_ATTEMPTS = 5;

/**
 * Runs a use case in one transaction and gives what it gives; nothing of it stands when it throws.
 * On a collision with another transaction the whole of it runs again, so it must do nothing but
 * through `trx`.
 */
export async function runInTransaction<T>(
  database: Knex,
  execute: (trx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(execute);
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !RETRYABLE_CODES.has((error as { code?: string }).code ?? ""))
        throw error;
      await sleep(Math.random() * 10 * 2 ** attempt);
    }
  }
}
