import type { Knex } from "knex";
import type { RequestContext } from "../core/request-context.ts";
import { runInTransaction } from "./transaction.ts";

/**
 * Runs the use case that makes a call's answer, as `useCase` does, and keeps the answer under the
 * caller's Idempotency-Key in the same transaction: either both stand or neither does. `work` must
 * give exactly the body that is sent, with status 200. Nothing that throws is kept. Calls without a
 * key cost nothing. `kept` says what a repeat is answered, where that is not the very same.
 */
export function runIdempotently<T>(
  database: Knex,
  ctx: RequestContext,
  execute: (trx: Knex.Transaction) => Promise<T>,
  toStoredAnswer: (answer: T) => unknown = (answer) => answer,
): Promise<T> {
  const { idempotency } = ctx;
  if (!idempotency) return runInTransaction(database, execute);
  return runInTransaction(database, async (trx) => {
    await idempotency.claim(trx);
    const answer = await execute(trx);
    await idempotency.store(trx, answer, toStoredAnswer(answer));
    return answer;
  });
}
