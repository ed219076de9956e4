import cluster from "node:cluster";
import { MemoryStore, type Options, type Store } from "express-rate-limit";
import { primaryStore } from "./primary-counters.ts";
import { type Counters, redisStore } from "./rate-limiter.ts";

/** How often a key was counted within the window, and when the window ends. */
export interface Count {
  readonly hits: number;
  /** In seconds. */
  readonly resetIn: number;
}

/** Counts by key within a window of time. */
export interface AttemptCounter {
  /** Counts once more. While Redis is unavailable, nothing is counted and `hits` is 0. */
  increment(key: string): Promise<Count>;
  /** Takes one count back. */
  decrement(key: string): Promise<void>;
}

/**
 * Returns a counter with a window of `seconds`. It counts in Redis if there is one, otherwise in
 * this process; worker processes count together, in their primary process. No two counters share a
 * name.
 */
export function attemptCounter(
  name: string,
  seconds: number,
  { redis, log }: Counters,
): AttemptCounter {
  const store = redis ? redisStore(redis, name) : ownStore(name);
  void store.init?.({ windowMs: seconds * 1000 } as Options);
  const notCounted = (error: unknown) =>
    log.debug({ event: "rate_limit_not_counted", err: error }, "Counting an attempt failed");
  return {
    increment: async (key) => {
      try {
        const { totalHits, resetTime } = await store.increment(key);
        return { hits: totalHits, resetIn: secondsUntil(resetTime, seconds) };
      } catch (error) {
        notCounted(error);
        return { hits: 0, resetIn: seconds };
      }
    },
    decrement: async (key) => {
      try {
        await store.decrement(key);
      } catch (error) {
        notCounted(error);
      }
    },
  };
}

function ownStore(name: string): Store {
  return cluster.isWorker ? primaryStore(name) : new MemoryStore();
}

function secondsUntil(time: Date | undefined, otherwise: number): number {
  return time ? Math.max(1, Math.ceil((time.getTime() - Date.now()) / 1000)) : otherwise;
}
