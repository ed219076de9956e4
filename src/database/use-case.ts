import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";

/** A connection with an open transaction: who writes says so in its type. */
export type Transaction = Knex.Transaction;

const ATTEMPTS = 4;
/** Serialization failure and deadlock: the same work may succeed now. */
const COLLISIONS = new Set(["40001", "40P01"]);

/**
 * Does the work of a use case in one transaction, from the start again when it collided with another one. The work is committed before this
 * gives its result, or nothing of it is; it may run several times, so it does nothing that a rollback would not undo.
 */
export async function useCase<T>(database: Knex, work: (trx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !hasCollided(error)) throw error;
      // Two that met once do not meet again at the same step.
      await sleep(Math.random() * 20 * attempt);
    }
  }
}

function hasCollided(error: unknown): boolean {
  return error instanceof Error && COLLISIONS.has(String((error as { code?: unknown }).code));
}
