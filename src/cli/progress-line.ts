import { timeLeftEstimate } from "../core/time-left.ts";

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
  const { write, writeNow } = throttledLine();
  const timeLeft = timeLeftEstimate();
  return {
    show: (done) => write(() => `${done} of ${all} ${what}, ${timeLeft(done, all)}`),
    end: () => writeNow(`${all} of ${all} ${what}\n`),
  };
}

/** How far the reading of a file is, in bytes. */
interface PartRead {
  readonly read: number;
  /** Unknown for a pipe. */
  readonly size: number | undefined;
}

/**
 * Returns a function that shows how many are done of a file's `what`, with the time left by the
 * part of the file that has been read, as in `1200 products, 34 %, about 20 seconds left`.
 */
export function fileProgress(what: string): (done: number, part: PartRead) => void {
  const { write } = throttledLine();
  const timeLeft = timeLeftEstimate();
  return (done, { read, size }) =>
    write(() =>
      size
        ? `${done} ${what}, ${percent(read, size)} %, ${timeLeft(read, size)}`
        : `${done} ${what}`,
    );
}

const percent = (read: number, size: number) => Math.floor((100 * read) / size);

function throttledLine() {
  const { isTTY } = process.stderr;
  let shownAt = performance.now();
  const writeNow = (text: string) =>
    void process.stderr.write(isTTY ? `\r\u001B[K${text}` : `${text}\n`);
  return {
    writeNow,
    write: (text: () => string) => {
      const now = performance.now();
      if (now - shownAt < (isTTY ? EVERY_MS : 10 * EVERY_MS)) return;
      shownAt = now;
      writeNow(text());
    },
  };
}
