import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Log } from "../log.ts";
import { deleteOldAnswers } from "./kept-answers.ts";

const EVERY = 10 * 60_000;
const BATCH = 200;
const PAUSE = 200;

/**
 * Deletes answers older than `hours` every ten minutes, a few at a time with pauses, so that requests never wait for it. Gives what stops it.
 */
export function cleanKeptAnswers(knex: Knex, hours: number, log: Log): () => Promise<void> {
  let stopped = false;
  let running = Promise.resolve();
  const clean = async () => {
    try {
      while (!stopped && (await deleteOldAnswers(knex, hours, BATCH)) === BATCH) await sleep(PAUSE);
    } catch (error) {
      log.warn({ err: error }, "Old answers could not be cleaned up; that is tried again later");
    }
  };
  const timer = setInterval(() => {
    running = running.then(clean);
  }, EVERY).unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}
