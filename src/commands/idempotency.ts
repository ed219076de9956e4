import type { Knex } from "knex";
import type { RequestContext } from "../core/request-context.ts";
import { runInTransaction, type Transaction } from "./transaction.ts";

type IdempotentRequest = Pick<RequestContext, "idempotency">;

/**
 * Runs `execute` in a transaction that also stores its answer under the request's Idempotency-Key:
 * either both are committed or neither is. `execute` must return exactly the body that is sent,
 * with status 200. An error is not stored. A request without a key costs nothing more.
 * `toStoredAnswer` returns what a repeated request receives, where that differs from the answer.
 */
export function runIdempotently<T>(
  database: Knex,
  { idempotency }: IdempotentRequest,
  execute: (trx: Transaction) => Promise<T>,
  toStoredAnswer: (answer: T) => unknown = (answer) => answer,
): Promise<T> {
  if (!idempotency) return runInTransaction(database, execute);
  return runInTransaction(database, async (trx) => {
    await idempotency.lock(trx);
    const answer = await execute(trx);
    await idempotency.store(trx, answer, toStoredAnswer(answer));
    return answer;
  });
}

/** Stores the answer of work that is already committed under the request's Idempotency-Key. */
export async function answerIdempotently<T>(
  database: Knex,
  ctx: IdempotentRequest,
  answer: T,
): Promise<T> {
  return ctx.idempotency ? runIdempotently(database, ctx, async () => answer) : answer;
}
