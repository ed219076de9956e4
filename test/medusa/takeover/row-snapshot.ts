import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);
const MAX_BYTES = 64_000_000;
/** How many rows a message quotes. */
const MAX_QUOTED = 5;

/** All rows of a database at one time, on disk: a large shop has more than fit into memory. */
export interface RowSnapshot {
  /** How many lines the rows take. */
  readonly lines: number;
  /** Returns rows that are missing in a later snapshot, or have another value there. */
  lostIn(later: RowSnapshot): Promise<string[]>;
  readonly file: string;
  remove(): Promise<void>;
}

let count = 0;

/**
 * Writes all rows to a file, sorted. Values of sequences are left out,
 * and the jobs that Medusa itself deletes as soon as it has read them.
 * @throws Error pg_dump failed
 */
export async function takeRowSnapshot(url: string): Promise<RowSnapshot> {
  const file = join(tmpdir(), `nettle-rows-${process.pid}-${++count}.sql`);
  const script = `set -o pipefail
    pg_dump --data-only --inserts --exclude-table-data=staged_job "$1" \\
      | grep -vE '^(--|SET |SELECT pg_catalog|\\\\(un)?restrict|$)' | LC_ALL=C sort > "$2"
    wc -l < "$2"`;
  const { stdout } = await execute("bash", ["-c", script, "bash", url, file]);
  return {
    file,
    lines: Number(stdout),
    lostIn: async (later) => {
      const words = ["-c", 'LC_ALL=C comm -23 "$1" "$2"', "bash", file, later.file];
      const { stdout: lost } = await execute("bash", words, { maxBuffer: MAX_BYTES });
      return lost.split("\n").filter(Boolean);
    },
    remove: () => rm(file, { force: true }),
  };
}

/** Medusa looks for new jobs, and does what they are for, within this time. */
const MEDUSA_RESTS_MS = 4_000;

/**
 * Returns the rows of a shop that nobody uses, once Medusa has done everything that it does later:
 * two snapshots in a row are equal.
 */
export async function takeSettledSnapshot(url: string): Promise<RowSnapshot> {
  let before = await takeRowSnapshot(url);
  for (;;) {
    await sleep(MEDUSA_RESTS_MS);
    const after = await takeRowSnapshot(url);
    const isSettled = before.lines === after.lines && (await before.lostIn(after)).length === 0;
    await before.remove();
    if (isSettled) return after;
    before = after;
  }
}

/** Returns the first of many rows for a message. */
export const quoted = (rows: readonly string[]): string =>
  `${rows.length} rows, such as\n${rows.slice(0, MAX_QUOTED).join("\n")}`;
