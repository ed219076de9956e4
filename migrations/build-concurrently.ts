import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { isPooled } from "../src/database/pooled-connection.ts";
import { watchIndexBuilds } from "../src/database/watch-index-builds.ts";
import type { OwnIndex } from "./own-indexes.ts";

type Run = (statement: string) => Promise<unknown[]>;

const POLL_INTERVAL_MS = 250;

/**
 * Builds indexes without blocking writers of the running shop, and without a time limit. Those that
 * a former run has finished stay, and one that it left unfinished is built again.
 */
export async function buildConcurrently(knex: Knex, indexes: readonly OwnIndex[]): Promise<void> {
  const missing: OwnIndex[] = [];
  for (const index of indexes) if (!(await isUsable(knex, index.name))) missing.push(index);
  if (missing.length === 0) return;
  const watch = await watchIndexBuilds(knex, missing);
  try {
    await withoutTimeouts(knex, async (run) => {
      for (const index of missing) {
        if (await finishedElsewhere(run, index)) continue;
        watch.start(index);
        // An interrupted build leaves an invalid index behind, which PostgreSQL never uses.
        await run(`drop index concurrently if exists ${index.name}`);
        await run(`create index concurrently ${index.name} on ${index.table} ${index.on}`);
      }
    });
  } finally {
    watch.end();
  }
}

/** Whether an index exists and is valid. */
export async function isUsable(knex: Knex, name: string): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { valid: boolean }[] }>(
    "select indisvalid as valid from pg_index where indexrelid = to_regclass(?)",
    [name],
  );
  return rows[0]?.valid ?? false;
}

/**
 * Waits for a build of the same index that goes on in the database although its process was killed.
 * Two builds on one table would wait for each other. Returns whether the index is usable then.
 */
async function finishedElsewhere(run: Run, { name }: OwnIndex): Promise<boolean> {
  const isRunning = `select from pg_stat_progress_create_index
    where index_relid = to_regclass('${name}')`;
  if ((await run(isRunning)).length === 0) return false;
  while ((await run(isRunning)).length > 0) await sleep(POLL_INTERVAL_MS);
  const usable = await run(
    `select from pg_index where indexrelid = to_regclass('${name}') and indisvalid`,
  );
  return usable.length > 0;
}

/**
 * Runs statements on one connection without timeouts, and restores its settings afterwards. Behind
 * a pooler the connection's settings are the server's, and stay so.
 */
export async function withoutTimeouts(
  knex: Knex,
  execute: (run: Run) => Promise<void>,
): Promise<void> {
  const connection = await knex.client.acquireConnection();
  const run: Run = async (statement) => {
    const { rows } = await knex.raw(statement).connection(connection);
    return rows ?? [];
  };
  try {
    if (isPooled(connection)) return await execute(run);
    const { rows } = await knex
      .raw(
        `select current_setting('statement_timeout') as statement,
          current_setting('lock_timeout') as lock`,
      )
      .connection(connection);
    await run("set statement_timeout = 0; set lock_timeout = 0");
    try {
      await execute(run);
    } finally {
      await run(
        `set statement_timeout = '${rows[0].statement}'; set lock_timeout = '${rows[0].lock}'`,
      );
    }
  } finally {
    await knex.client.releaseConnection(connection);
  }
}
