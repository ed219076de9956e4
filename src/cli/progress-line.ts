import { timeLeft } from "../core/time-left.ts";

/** Shows how far long work is. */
export interface ProgressLine {
  /** Shows how many are done, at most once a second, with the time left. */
  show(this: void, done: number): void;
  /** Shows that all are done. */
  end(): void;
}

const EVERY_MS = 1000;

/**
 * Returns a line on standard error that counts `what`, as in `120 of 400 reads compared, about 3
 * seconds left`. On a terminal it is overwritten, otherwise a new one is written every ten seconds.
 */
export function progressLine(what: string, all: number): ProgressLine {
  const { isTTY } = process.stderr;
  const startedAt = performance.now();
  let shownAt = startedAt;
  const write = (text: string) => process.stderr.write(isTTY ? `\r\u001B[K${text}` : `${text}\n`);
  return {
    show: (done) => {
      const now = performance.now();
      if (now - shownAt < (isTTY ? EVERY_MS : 10 * EVERY_MS)) return;
      shownAt = now;
      write(`${done} of ${all} ${what}, ${timeLeft(done, all, now - startedAt)}`);
    },
    end: () => void write(`${all} of ${all} ${what}\n`),
  };
}
