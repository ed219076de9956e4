import type { Knex } from "knex";
import { poll } from "../../concurrency/poll.ts";
import type { Log } from "../../runtime/log.ts";
import { refreshProducts } from "./search-queries.ts";

const POLL_INTERVAL_MS = 10_000;
const BATCH_SIZE = 200;

/**
 * Indexes changed products at the start and every ten seconds, so that changes do not pile up in a
 * shop without searches, and a search after an import finds most of it indexed. Returns the
 * function that stops it after the current batch.
 */
export function startIndexRefresh(
  knex: Knex,
  log: Log,
  intervalMs = POLL_INTERVAL_MS,
): () => Promise<void> {
  return poll(() => refreshBatch(knex, log), intervalMs);
}

/** Returns whether there may be more to index. */
async function refreshBatch(knex: Knex, log: Log): Promise<boolean> {
  try {
    return (await refreshProducts(knex, BATCH_SIZE)) > 0;
  } catch (error) {
    log.warn(
      { event: "search_index_refresh_failed", err: error },
      "Changed products could not be indexed for the search. The next round retries it.",
    );
    return false;
  }
}
