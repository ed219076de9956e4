import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";

/**
 * Any constant will do, as long as it stays: an older and a newer Nettle must meet at the same
 * lock.
 */
const lockKey = 6_385_207_114;
const POLL_INTERVAL_MS = 250;

/**
 * Runs `work` while no other process migrates this database, waiting for whoever does. The lock
 * lives on a connection of its own beside the pool, so a pool of one is enough; it ends with that
 * connection, so a killed process leaves none behind.
 */
export async function withMigrationLock<T>(
  knex: Knex,
  log: (line: string) => void,
  execute: () => Promise<T>,
): Promise<T> {
  const connection = await knex.client.acquireRawConnection();
  try {
    await waitForLock(connection, log);
    return await execute();
  } finally {
    await knex.client.destroyRawConnection(connection);
  }
}

interface LockConnection {
  query: (sql: string) => Promise<{ rows: { taken: boolean }[] }>;
}

/**
 * Asks again and again instead of waiting in the database: a statement that waits holds a snapshot,
 * and `create index concurrently` in the other process would wait for it for ever. The lock is the
 * transaction's, so that it holds behind a pooler too.
 */
async function waitForLock(connection: LockConnection, log: (line: string) => void): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    await connection.query("begin");
    await connection.query("set local idle_in_transaction_session_timeout = 0");
    const { rows } = await connection.query(
      `select pg_try_advisory_xact_lock(${lockKey}) as taken`,
    );
    if (rows[0]?.taken) return;
    await connection.query("rollback");
    if (attempt === 0) log("Another process is migrating the database: waiting for it");
    await sleep(POLL_INTERVAL_MS);
  }
}
