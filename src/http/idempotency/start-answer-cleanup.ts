import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { poll } from "../../concurrency/poll.ts";
import type { Log } from "../../runtime/log.ts";
import { deleteOldAnswers } from "./stored-answers.ts";

const POLL_INTERVAL_MS = 10 * 60_000;
const BATCH_SIZE = 200;
const BATCH_DELAY_MS = 200;

/**
 * Deletes answers older than `hours`, at the start and every ten minutes, in small batches with a
 * pause between them so that requests never wait for it. Returns the function that stops it after
 * the current batch.
 */
export function startAnswerCleanup(knex: Knex, hours: number, log: Log): () => Promise<void> {
  return poll(() => deleteBatch(knex, hours, log), POLL_INTERVAL_MS);
}

/** Returns whether there may be more to delete. */
async function deleteBatch(knex: Knex, hours: number, log: Log): Promise<boolean> {
  try {
    if ((await deleteOldAnswers(knex, hours, BATCH_SIZE)) < BATCH_SIZE) return false;
    await sleep(BATCH_DELAY_MS);
    return true;
  } catch (error) {
    log.warn(
      { event: "answer_cleanup_failed", err: error },
      "Deleting old stored answers failed. It is retried at the next round.",
    );
    return false;
  }
}
