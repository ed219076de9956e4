import AsyncLock from "async-lock";
import { ConflictError } from "../core/errors.ts";

const locks = new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });
const waiting = new Map<string, number>();
let maxWaiting = Number.POSITIVE_INFINITY;

/** Sets how many callbacks with one key may run or wait in this process. */
export function limitWaiting(max: number): void {
  maxWaiting = max;
}

/**
 * Runs callbacks with the same key one after another within this process, in the order of the
 * calls; callbacks with other keys run beside them. Resolves or rejects as `execute` does. Writes
 * to one cart wait here before they take a database connection: if they waited for a row lock, each
 * would hold a connection and the pool would run dry.
 * @throws ConflictError if too many wait already: each holds its request in memory
 */
export async function serializeByKey<T>(key: string, execute: () => Promise<T>): Promise<T> {
  const count = waiting.get(key) ?? 0;
  if (count >= maxWaiting)
    throw new ConflictError("Too many requests wait for the same resource. Try again shortly");
  waiting.set(key, count + 1);
  try {
    // Wrapped, since the lock calls a function with a parameter as one that takes a callback.
    return await locks.acquire(key, () => execute());
  } finally {
    leave(key);
  }
}

function leave(key: string): void {
  const count = (waiting.get(key) ?? 1) - 1;
  if (count > 0) waiting.set(key, count);
  else waiting.delete(key);
}
