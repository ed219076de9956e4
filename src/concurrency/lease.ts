import { setTimeout as sleep } from "node:timers/promises";

/**
 * How long a lease lasts that is not renewed: less than a request waits for one, so that it goes on
 * where a process died.
 */
export const LEASE_SECONDS = 6;
const RENEW_INTERVAL_MS = 2000;

/**
 * Holds on to a lease as long as the work takes. A renewal that cannot be made is no fault: whoever
 * goes on meanwhile has another fencing number, and who comes too late records nothing.
 */
export async function withLease<T>(
  renew: () => Promise<unknown>,
  execute: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const heartbeat = renewUntilAborted(done.signal, renew);
  try {
    return await execute();
  } finally {
    done.abort();
    await heartbeat;
  }
}

async function renewUntilAborted(
  signal: AbortSignal,
  renew: () => Promise<unknown>,
): Promise<void> {
  for (;;) {
    await sleep(RENEW_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await renew().catch(() => undefined);
  }
}
