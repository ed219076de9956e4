import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Log } from "../../runtime/log.ts";
import { deleteOldAnswers } from "./stored-answers.ts";

const INTERVAL_MS = 10 * 60_000;
const BATCH_SIZE = 200;
const BATCH_DELAY_MS = 200;

/**
 * Deletes answers older than `hours` every ten minutes, a few at a time with pauses, so that
 * requests never wait for it. Gives what stops it.
 */
export function cleanStoredAnswers(knex: Knex, hours: number, log: Log): () => Promise<void> {
  let stopped = false;
  let running = Promise.resolve();
  const clean = async () => {
    try {
      while (!stopped && (await deleteOldAnswers(knex, hours, BATCH_SIZE)) === BATCH_SIZE)
        await sleep(BATCH_DELAY_MS);
    } catch (error) {
      log.warn({ err: error }, "Old answers could not be cleaned up; that is tried again later");
    }
  };
  const timer = setInterval(() => {
    running = running.then(clean);
  }, INTERVAL_MS).unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}
