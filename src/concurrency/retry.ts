import pRetry from "p-retry";

/**
 * Runs an idempotent operation, up to five times in all, with delays of 50, 100, 200 and 400 ms.
 * Resolves with the first result.
 * @throws the last error; a TypeError at once, since it is a mistake in our code
 */
export function retry<T>(execute: () => Promise<T>): Promise<T> {
  return pRetry(() => execute(), { retries: 4, minTimeout: 50, factor: 2 });
}
