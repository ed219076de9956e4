import type { Knex } from "knex";
import { connectDatabase } from "../../src/database/connect-database.ts";

/** Opens a pool as the server does. */
export function connect(url: string, poolSize = 4): Knex {
  return connectDatabase({
    url,
    poolSize,
    prepare: "on",
    statementTimeout: 20_000,
    lockTimeout: 20_000,
    idleInTransactionTimeout: 20_000,
    acquireTimeout: 20_000,
  });
}

/** Returns the URL of another database on the same server. */
export function urlOf(server: string, database: string): string {
  return server.replace(/^(\w+:\/\/[^/]*)\/[^?]*/, `$1/${database}`);
}

/** Runs one statement on a server. */
export async function executeOnServer(server: string, statement: string): Promise<void> {
  const knex = connect(server, 1);
  try {
    // A database is created or dropped after a checkpoint, which takes long while a disk is busy.
    await knex.raw("set statement_timeout = 0");
    await knex.raw(statement);
  } finally {
    await knex.destroy();
  }
}
