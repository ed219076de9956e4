const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 30_000;
/** A process that served this long has not ended because of how it started. */
const STABLE_MS = 60_000;

/**
 * The delays before worker processes are replaced: each twice as long as the last one, up to half a
 * minute, until one has served for a minute.
 */
export class RestartDelays {
  #delay = FIRST_DELAY_MS;

  /** Returns the next delay, in milliseconds, after a process that served for `served` of them. */
  next(served: number): number {
    if (served >= STABLE_MS) this.#delay = FIRST_DELAY_MS;
    const delay = this.#delay;
    this.#delay = Math.min(2 * delay, MAX_DELAY_MS);
    return delay;
  }
}
