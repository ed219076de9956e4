import { AsyncLocalStorage } from "node:async_hooks";

const requests = new AsyncLocalStorage<string | undefined>();

/**
 * Returns the id of the request that the running code works for, also in the background; undefined
 * for work of the server's own.
 */
export function currentRequestId(): string | undefined {
  return requests.getStore();
}

/**
 * Runs a function for the request with an id, so that all it logs carries the id. Without an id it
 * runs for none, such as a round in the background that serves many.
 */
export function runForRequest<T>(id: string | null | undefined, run: () => T): T {
  return requests.run(id ?? undefined, run);
}
