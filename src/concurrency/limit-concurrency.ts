import { UnavailableError } from "../core/errors.ts";

interface ConcurrencyLimits {
  /** How many run at once. */
  readonly running: number;
  /** How many may wait in line behind them. */
  readonly waiting: number;
}

/**
 * Lets only so many of a kind of work run at once; others wait in line, and those beyond the line
 * are turned away. Gives a function that runs a piece of work and gives what it gives.
 * @throws Unavailable (from that function) the line is full
 */
export function limitConcurrency(
  limits: ConcurrencyLimits,
): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running < limits.running) running++;
    else if (queue.length < limits.waiting) await new Promise<void>((start) => queue.push(start));
    else throw new UnavailableError("Too many are being served at the moment. Try again shortly.");
    try {
      return await work();
    } finally {
      // Whoever is next takes the place over, so that nobody slips in between.
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}
