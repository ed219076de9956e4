import type { Knex } from "knex";
import type { Log } from "../../runtime/log.ts";
import { refreshProducts } from "./search-queries.ts";

const REFRESH_INTERVAL_MS = 10_000;
const BATCH_SIZE = 200;

/**
 * Starts indexing changed products at intervals, so that changes do not pile up without searches,
 * and a search after an import finds most of it indexed. Returns the function that stops it.
 */
export function startIndexRefresh(
  knex: Knex,
  log: Log,
  intervalMs = REFRESH_INTERVAL_MS,
): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> | undefined;
  const refreshAll = async () => {
    try {
      while (!stopped && (await refreshProducts(knex, BATCH_SIZE)) > 0);
    } catch (error) {
      log.warn(
        { event: "search_index_refresh_failed", err: error },
        "Changed products could not be indexed for the search; it will be retried",
      );
    }
    running = undefined;
  };
  const timer = setInterval(() => {
    running ??= refreshAll();
  }, intervalMs).unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}
