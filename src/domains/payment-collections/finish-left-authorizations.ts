import type { Knex } from "knex";
import type { Log } from "../../log.ts";
import { repeat } from "../../repeat.ts";
import { findLeftCollections } from "./authorization-queries.ts";
import type { SessionAuthorizer } from "./session-authorizer.ts";

const AT_ONCE = 50;
const PAUSE = 15_000;

/**
 * Goes on, at the start and now and then, with authorizations that were cut off: what the providers said is recorded, without the customer. Any number of
 * processes may do so. Gives the function that stops it after what it is at.
 */
export function finishLeftAuthorizations(knex: Knex, authorizer: SessionAuthorizer, log: Log): () => Promise<void> {
  const wait = (error: unknown) => log.warn({ err: error }, "Left authorizations wait");
  return repeat(() => finishAuthorizations(knex, authorizer, log, 10).catch(wait), PAUSE);
}

/** One round over the payment collections that have been left for so many seconds. */
export async function finishAuthorizations(knex: Knex, authorizer: SessionAuthorizer, log: Log, seconds: number): Promise<void> {
  for (const id of await findLeftCollections(knex, seconds, AT_ONCE)) {
    try {
      await authorizer.finishLeft(id);
      log.info({ payment_collection: id }, "An authorization that was cut off has been finished");
    } catch (error) {
      log.warn({ payment_collection: id, err: error }, "An authorization that was cut off could not be finished");
    }
  }
}
