import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";

/** Arbitrary, but it must never change: all versions of Nettle must use the same lock. */
const LOCK_KEY = 6_385_207_114;
const POLL_INTERVAL_MS = 250;

/**
 * Runs `execute` while no other process migrates this database; waits for one that does. The lock
 * is held on a separate connection, so a pool of one connection suffices. It ends with that
 * connection, so a killed process leaves no lock behind.
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
 * Polls for the lock instead of waiting for it in the database: a waiting statement holds a
 * snapshot, for which `create index concurrently` in the other process would wait for ever. The
 * lock belongs to the transaction, so that it also works behind a pooler.
 */
async function waitForLock(connection: LockConnection, log: (line: string) => void): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    await connection.query("begin");
    await connection.query("set local idle_in_transaction_session_timeout = 0");
    const { rows } = await connection.query(
      `select pg_try_advisory_xact_lock(${LOCK_KEY}) as taken`,
    );
    if (rows[0]?.taken) return;
    await connection.query("rollback");
    if (attempt === 0) log("Another process is migrating the database: waiting for it");
    await sleep(POLL_INTERVAL_MS);
  }
}
