import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Log } from "../../log.ts";
import { findLeftCollections } from "./authorization-queries.ts";
import type { SessionAuthorizer } from "./session-authorizer.ts";

const AT_ONCE = 50;
const PAUSE = 15_000;

/**
 * Goes on, at the start and now and then, with authorizations that were cut off: what the providers said is recorded, without the customer. Any number of
 * processes may do so. Gives the function that stops it after what it is at.
 */
export function finishLeftAuthorizations(knex: Knex, authorizer: SessionAuthorizer, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await finishAuthorizations(knex, authorizer, log, 10).catch((error: unknown) =>
        log.warn({ err: error }, "Left authorizations wait"),
      );
      await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
    }
  };
  const done = run();
  return async () => {
    stopping.abort();
    await done;
  };
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
