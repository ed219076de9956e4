import type { Knex } from "knex";
import type { Log } from "../../runtime/log.ts";
import { refreshProducts } from "./search-queries.ts";

const REFRESH_INTERVAL_MS = 10_000;
const BATCH_SIZE = 200;

/**
 * Reads changed products into the search index now and then, so that marks do not pile up where
 * nobody searches, and a search after an import finds most of it read. Gives what stops it.
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
        { err: error },
        "Changed products could not be read into the search index; that is tried again later",
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
