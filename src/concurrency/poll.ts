import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs a round again and again: at once if the last one returned `true` (there may be more to do),
 * otherwise after `intervalMs`. The first round runs immediately. A round must handle its own
 * errors. Returns the function that stops the loop; it resolves when the current round has ended.
 */
export function poll(round: () => Promise<unknown>, intervalMs: number): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      const hasMore = await round();
      if (hasMore !== true) await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const done = run();
  return async () => {
    stopping.abort();
    await done;
  };
}
