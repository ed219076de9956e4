import type { Knex } from "knex";
import { poll } from "../../concurrency/poll.ts";
import type { Log } from "../../runtime/log.ts";
import { findInterruptedCollections } from "./authorization-queries.ts";
import type { PaymentSessionAuthorizer } from "./payment-session-authorizer.ts";

const BATCH_SIZE = 50;
const POLL_INTERVAL_MS = 15_000;

/**
 * Goes on, at the start and now and then, with authorizations that were cut off: what the providers
 * said is recorded, without the customer. Any number of processes may do so. Gives the function
 * that stops it after what it is at.
 */
export function resumeAuthorizations(
  knex: Knex,
  authorizer: PaymentSessionAuthorizer,
  log: Log,
): () => Promise<void> {
  const logFailure = (error: unknown) => log.warn({ err: error }, "Left authorizations wait");
  return poll(
    () => resumeAuthorizationsOnce(knex, authorizer, log, 10).catch(logFailure),
    POLL_INTERVAL_MS,
  );
}

/** One round over the payment collections that have been left for so many seconds. */
export async function resumeAuthorizationsOnce(
  knex: Knex,
  authorizer: PaymentSessionAuthorizer,
  log: Log,
  seconds: number,
): Promise<void> {
  for (const id of await findInterruptedCollections(knex, seconds, BATCH_SIZE)) {
    try {
      await authorizer.resumeInterrupted(id);
      log.info({ payment_collection: id }, "An authorization that was cut off has been finished");
    } catch (error) {
      log.warn(
        { payment_collection: id, err: error },
        "An authorization that was cut off could not be finished",
      );
    }
  }
}
