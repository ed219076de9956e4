import { setTimeout as sleep } from "node:timers/promises";

/**
 * Does a round again and again: at once where it says `true`, for there may be more to do, else
 * after a pause in milliseconds. A round sees to its own faults. Gives the function that stops it
 * after the round it is at.
 */
export function poll(round: () => Promise<unknown>, intervalMs: number): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      const more = await round();
      if (more !== true) await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const done = run();
  return async () => {
    stopping.abort();
    await done;
  };
}
