import type { Knex } from "knex";
import type { Call } from "../call.ts";
import { useCase } from "./use-case.ts";

/**
 * Runs the use case that makes a call's answer, as `useCase` does, and keeps the answer under the caller's Idempotency-Key in the same
 * transaction: either both stand or neither does. `work` must give exactly the body that is sent, with status 200. Nothing that throws is kept.
 * Calls without a key cost nothing. `kept` says what a repeat is answered, where that is not the very same.
 */
export function answerOnce<T>(
  database: Knex,
  call: Call,
  work: (trx: Knex.Transaction) => Promise<T>,
  kept: (answer: T) => unknown = (answer) => answer,
): Promise<T> {
  const { idempotency } = call;
  if (!idempotency) return useCase(database, work);
  return useCase(database, async (trx) => {
    await idempotency.claim(trx);
    const answer = await work(trx);
    await idempotency.keep(trx, answer, kept(answer));
    return answer;
  });
}
