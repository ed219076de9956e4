import type { Knex } from "knex";
import type { Log } from "../../log.ts";
import { refreshProducts } from "./search-queries.ts";

const EVERY = 10_000;
const BATCH = 200;

/**
 * Reads changed products into the search index now and then, so that marks do not pile up where nobody searches, and a search after an import
 * finds most of it read. Gives what stops it.
 */
export function keepIndexFresh(knex: Knex, log: Log, every = EVERY): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> | undefined;
  const readAll = async () => {
    try {
      while (!stopped && (await refreshProducts(knex, BATCH)) > 0);
    } catch (error) {
      log.warn({ err: error }, "Changed products could not be read into the search index; that is tried again later");
    }
    running = undefined;
  };
  const timer = setInterval(() => {
    running ??= readAll();
  }, every).unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}
