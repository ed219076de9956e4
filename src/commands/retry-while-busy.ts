import { setTimeout as sleep } from "node:timers/promises";
import { ConflictError } from "../core/errors.ts";

const POLL_INTERVAL_MS = 100;

/** Another process holds the lease that is needed. The message is for the client. */
export class BusyError extends ConflictError {}

interface RetryOptions {
  /** The time, in milliseconds since 1970, after which the error is thrown. */
  readonly until: number;
  /** Runs before each pause. */
  readonly beforeRetry?: (() => Promise<unknown>) | undefined;
}

/**
 * Runs `execute` again, with a pause of some 100 ms, as long as it throws BusyError.
 * @throws BusyError another process still holds the lease at `until`
 */
export async function retryWhileBusy<T>(
  execute: () => Promise<T>,
  { until, beforeRetry }: RetryOptions,
): Promise<T> {
  for (;;) {
    try {
      return await execute();
    } catch (error) {
      if (!(error instanceof BusyError) || Date.now() > until) throw error;
    }
    await beforeRetry?.();
    await sleep(POLL_INTERVAL_MS * (0.5 + Math.random()));
  }
}
