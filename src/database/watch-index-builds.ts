import type { Knex } from "knex";
import type { OwnIndex } from "../../migrations/own-indexes.ts";
import { timeLeftEstimate } from "../core/time-left.ts";

/** How often a long build says how far it is. */
const INTERVAL_MS = 5_000;

/** Prints the progress of index builds. */
export interface BuildWatch {
  /** Call it when the build of an index starts. */
  start(index: OwnIndex): void;
  end(): void;
}

/**
 * Prints a line when the build of each index starts, and others while it runs, to the log that the
 * migration was given.
 */
export async function watchIndexBuilds(
  knex: Knex,
  indexes: readonly OwnIndex[],
): Promise<BuildWatch> {
  const log: ((line: string) => void) | undefined = knex.userParams["log"];
  if (!log) return { start: () => undefined, end: () => undefined };
  const sizes = await readSizes(knex, indexes);
  const sizeOf = ({ table }: OwnIndex) => sizes.get(table) ?? 0;
  const total = indexes.reduce((sum, index) => sum + sizeOf(index), 0);
  const timeLeft = timeLeftEstimate();
  let current = -1;
  const report = async () => {
    const index = indexes[current];
    if (!index) return;
    const share = await readShare(knex, index.table);
    const before = indexes.slice(0, current).reduce((sum, one) => sum + sizeOf(one), 0);
    const done = before + share * sizeOf(index);
    log(
      `Building ${index.name}: ${Math.round(share * 100)} %, ` +
        `${timeLeft(done, total)} for ${indexes.length} indexes`,
    );
  };
  const timer = setInterval(() => void report().catch(() => undefined), INTERVAL_MS);
  return {
    start: (index) => {
      current = indexes.indexOf(index);
      log(
        `Building index ${current + 1} of ${indexes.length}, ${index.name} on ${index.table} ` +
          `(${megabytes(sizeOf(index))}), while the shop goes on`,
      );
    },
    end: () => clearInterval(timer),
  };
}

/** Returns a number of bytes in words. */
export const megabytes = (bytes: number): string =>
  bytes < 1_000_000 ? "less than 1 MB" : `${Math.round(bytes / 1_000_000)} MB`;

async function readSizes(
  knex: Knex,
  indexes: readonly OwnIndex[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await knex.raw<{ rows: { name: string; bytes: number }[] }>(
    `select name, pg_table_size(to_regclass(quote_ident(name)))::float8 as bytes
     from unnest(?::text[]) as name`,
    [indexes.map(({ table }) => table)],
  );
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

/** Returns how much of the build on a table is done, from 0 to 1. */
async function readShare(knex: Knex, table: string): Promise<number> {
  const { rows } = await knex.raw<{ rows: { share: number | null }[] }>(
    `select coalesce(blocks_done::float8 / nullif(blocks_total, 0),
        tuples_done::float8 / nullif(tuples_total, 0)) as share
     from pg_stat_progress_create_index where relid = to_regclass(quote_ident(?))`,
    [table],
  );
  return Math.min(rows[0]?.share ?? 0, 1);
}
