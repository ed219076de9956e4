import connectPgSimple from "connect-pg-simple";
import { RedisStore } from "connect-redis";
import session, { type Store } from "express-session";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import type { Pool, PoolClient } from "pg";
import type { Log } from "../../runtime/log.ts";

const PostgresStore = connectPgSimple(session);

/**
 * Creates the store of sessions: in Redis under Medusa's keys (`sess:…`), or without Redis in our
 * table `nettle_session`.
 */
export function createSessionStore(
  knex: Knex,
  redis: Redis | undefined,
  redisPrefix: string,
  log: Log,
): Store {
  if (redis) return new RedisStore({ client: redis, prefix: `${redisPrefix}sess:` });
  return new PostgresStore({
    tableName: "nettle_session",
    pool: poolOf(knex),
    errorLog: (...details) =>
      log.warn({ event: "session_cleanup_failed", details }, "Deleting expired sessions failed"),
  });
}

/** Adapts knex's connections to the part of a pg pool that the store uses. */
function poolOf(knex: Knex): Pool {
  const pool = {
    async query(text: string, values: unknown[]) {
      const connection = (await knex.client.acquireConnection()) as PoolClient;
      try {
        return await connection.query(text, values);
      } finally {
        await knex.client.releaseConnection(connection);
      }
    },
  };
  // The store calls no other method of a pool.
  return pool as unknown as Pool;
}
