import { timeLeft } from "./time-left.ts";

/** The work of so many milliseconds tells how fast the rest will go. */
const WINDOW_MS = 30_000;

/** Returns in words how long the rest takes, given how much of how much is done by when. */
export type Pace = (done: number, total: number, now: number) => string;

/**
 * Returns a function that continues some work at its pace of the last half minute: neither a slow
 * beginning nor other work on the same machine that is over counts for long. `startedAt` and `now`
 * are milliseconds of one clock, `done` and `total` have one unit, and the total may grow.
 */
export function recentPace(startedAt: number): Pace {
  const samples = [{ done: 0, at: startedAt }];
  return (done, total, now) => {
    samples.push({ done, at: now });
    while (samples.length > 2 && samples[1]!.at <= now - WINDOW_MS) samples.shift();
    const first = samples[0]!;
    return timeLeft(done - first.done, total - first.done, now - first.at);
  };
}
