import { setTimeout as sleep } from "node:timers/promises";

/**
 * A lease expires after this time unless it is renewed. A completion waits longer for a lease, so
 * it can continue after another process died. A change of a cart waits less and may be refused.
 */
export const LEASE_SECONDS = 6;
const RENEW_INTERVAL_MS = 2000;

/**
 * Runs `execute` and renews the lease every two seconds meanwhile. A failed renewal is no error:
 * the next holder gets another fencing token, and a stale holder's writes match no row.
 * @throws what `execute` throws
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
