import { setTimeout as sleep } from "node:timers/promises";

/** How long a lease lasts that is not renewed: less than a request waits for one, so that it goes on where a process died. */
export const LEASE_SECONDS = 6;
const RENEWED_EACH = 2000;

/**
 * Holds on to a lease as long as the work takes. A renewal that cannot be made is no fault: whoever goes on meanwhile has another fencing number, and who comes
 * too late records nothing.
 */
export async function holdLease<T>(renew: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const renewals = renewUntil(done.signal, renew);
  try {
    return await work();
  } finally {
    done.abort();
    await renewals;
  }
}

async function renewUntil(signal: AbortSignal, renew: () => Promise<unknown>): Promise<void> {
  for (;;) {
    await sleep(RENEWED_EACH, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await renew().catch(() => undefined);
  }
}
