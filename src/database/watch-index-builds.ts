import type { Knex } from "knex";
import type { OwnIndex } from "../../migrations/own-indexes.ts";
import { counted } from "../core/counted.ts";
import { recentPace } from "../core/recent-pace.ts";
import { type BuildPhase, shareOfBuild, workOf } from "./index-build-progress.ts";
import { migrationLog } from "./migration-log.ts";

/** How often a long build says how far it is. */
const INTERVAL_MS = 5_000;
const MEGABYTE = 1_000_000;
/** The size of a table whose index takes long enough to be announced. */
const LARGE_TABLE_BYTES = MEGABYTE;

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
  const log = migrationLog(knex);
  if (!log) return { start: () => undefined, end: () => undefined };
  const sizes = await readSizes(knex, indexes);
  const sizeOf = ({ table }: OwnIndex) => sizes.get(table) ?? 0;
  const workIn = (some: readonly OwnIndex[]) =>
    some.reduce((sum, index) => sum + workOf(index, sizeOf(index)), 0);
  const pace = recentPace(Date.now());
  let current = -1;
  const report = async () => {
    const index = indexes[current];
    if (!index) return;
    const share = shareOfBuild(await readPhase(knex, index.table));
    const done = workIn(indexes.slice(0, current)) + share * workIn([index]);
    const left = pace(done, workIn(indexes), Date.now());
    log(
      `Building ${index.name}: ${Math.round(share * 100)} %, ` +
        `${left} for ${counted(indexes.length, "index", "indexes")}`,
    );
  };
  const timer = setInterval(() => void report().catch(() => undefined), INTERVAL_MS);
  return {
    start: (index) => {
      current = indexes.indexOf(index);
      if (sizeOf(index) < LARGE_TABLE_BYTES) return;
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
  bytes < MEGABYTE ? "less than 1 MB" : `${Math.round(bytes / MEGABYTE)} MB`;

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

/** Returns how far the build on a table is; undefined if there is none. */
async function readPhase(knex: Knex, table: string): Promise<BuildPhase | undefined> {
  const { rows } = await knex.raw<{ rows: BuildPhase[] }>(
    `select phase, coalesce(blocks_done::float8 / nullif(blocks_total, 0),
        tuples_done::float8 / nullif(tuples_total, 0)) as share
     from pg_stat_progress_create_index where relid = to_regclass(quote_ident(?))`,
    [table],
  );
  return rows[0];
}
