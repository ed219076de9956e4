import { setTimeout as sleep } from "node:timers/promises";

/** Runs an idempotent operation, up to five times with increasing delays; throws the last error. */
export async function retry<T>(execute: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await execute();
    } catch (error) {
      if (tries === 5) throw error;
      await sleep(25 * 2 ** tries);
    }
  }
}
