import pLimit from "p-limit";
import { UnavailableError } from "../core/errors.ts";

interface ConcurrencyLimits {
  /** How many tasks run at once. */
  readonly running: number;
  /** How many more may wait in the queue. */
  readonly waiting: number;
}

/**
 * Returns a function that runs tasks of one kind, at most `running` at once; up to `waiting` more
 * wait in a queue, first in, first out. The function resolves or rejects as its task does.
 * @throws UnavailableError if the queue is full (from the returned function)
 */
export function limitConcurrency({
  running,
  waiting,
}: ConcurrencyLimits): <T>(task: () => Promise<T>) => Promise<T> {
  const limit = pLimit(running);
  return async (task) => {
    if (limit.activeCount + limit.pendingCount >= running + waiting)
      throw new UnavailableError("The server is busy at the moment. Try again shortly.");
    return limit(task);
  };
}
