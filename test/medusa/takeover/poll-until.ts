import { setTimeout as sleep } from "node:timers/promises";

const WAIT_TIMEOUT_MS = 20_000;
const INTERVAL_MS = 10;

/**
 * Waits until a check holds and returns how long that took, in milliseconds.
 * @throws Error it does not within 20 seconds; the message says what was waited for
 */
export async function pollUntil(what: string, check: () => Promise<boolean>): Promise<number> {
  const begin = performance.now();
  while (!(await check())) {
    if (performance.now() - begin > WAIT_TIMEOUT_MS)
      throw new Error(`${what}: not within ${WAIT_TIMEOUT_MS / 1000} seconds`);
    await sleep(INTERVAL_MS);
  }
  return performance.now() - begin;
}
