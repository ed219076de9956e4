import type { Knex } from "knex";
import { isPooled } from "../src/database/pooled-connection.ts";

type Run = (statement: string) => Promise<void>;

/** An index that Nettle adds to one of Medusa's tables. */
export interface OwnIndex {
  readonly name: string;
  /** What follows `create index concurrently NAME on`. */
  readonly on: string;
}

/** Builds indexes without blocking writers of the running shop, and without a time limit. */
export async function buildConcurrently(knex: Knex, indexes: readonly OwnIndex[]): Promise<void> {
  if (indexes.length === 0) return;
  await withoutTimeouts(knex, async (run) => {
    for (const { name, on } of indexes) {
      // An interrupted build leaves an invalid index behind, which PostgreSQL never uses.
      await run(`drop index concurrently if exists ${name}`);
      await run(`create index concurrently ${name} on ${on}`);
    }
  });
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
    await knex.raw(statement).connection(connection);
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
