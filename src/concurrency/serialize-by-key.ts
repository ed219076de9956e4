import AsyncLock from "async-lock";

const locks = new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });

/**
 * Runs callbacks with the same key one after another within this process, in the order of the
 * calls; callbacks with other keys run beside them. Resolves or rejects as `execute` does. Writes
 * to one cart wait here before they take a database connection: if they waited for a row lock, each
 * would hold a connection and the pool would run dry.
 */
export function serializeByKey<T>(key: string, execute: () => Promise<T>): Promise<T> {
  // Wrapped, since the lock calls a function with a parameter as one that takes a callback.
  return locks.acquire(key, () => execute());
}
