import knex, { type Knex } from "knex";
import pg from "pg";
import { applySettings } from "./pooled-connection.ts";
import { type Preparing, setPreparing } from "./query-prepared.ts";

/** How to connect to the shop's PostgreSQL; all times in milliseconds. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database?sslmode=…` */
  readonly url: string;
  /** PEM text of the certificate authority, if no public one signed the server's certificate. */
  readonly certificateAuthority?: string | undefined;
  readonly poolSize: number;
  readonly prepare: Preparing;
  readonly statementTimeout: number;
  readonly lockTimeout: number;
  readonly idleInTransactionTimeout: number;
  /** How long a request waits for a free connection. */
  readonly acquireTimeout: number;
}

/** Opens a connection pool. It connects with the first statement. */
export function connectDatabase(options: DatabaseOptions): Knex {
  const pool = knex({
    client: "pg",
    // Knex throws what it would print here; the error is logged where it is caught.
    log: { warn: () => {}, error: () => {}, deprecate: () => {}, debug: () => {} },
    connection: () => connectionOf(options),
    acquireConnectionTimeout: options.acquireTimeout,
    pool: {
      min: 0,
      max: options.poolSize,
      afterCreate: (client: pg.Client, done: (error: Error | null, client: pg.Client) => void) => {
        applySettings(client, sessionSettings(options)).then(
          () => done(null, client),
          (error: Error) => done(error, client),
        );
      },
    },
  });
  setPreparing(pool, options.prepare);
  return pool;
}

/**
 * Returns the settings of our sessions. They are applied after connecting, since poolers refuse
 * start-up parameters. Planning a tree costs more than running it, so a prepared statement is
 * planned only once; compiling it to machine code (JIT) never pays off.
 */
function sessionSettings(options: DatabaseOptions): string[] {
  return [
    "timezone = 'UTC'",
    "plan_cache_mode = force_generic_plan",
    "jit = off",
    `statement_timeout = ${options.statementTimeout}`,
    `lock_timeout = ${options.lockTimeout}`,
    `idle_in_transaction_session_timeout = ${options.idleInTransactionTimeout}`,
  ];
}

function connectionOf(options: DatabaseOptions): Knex.PgConnectionConfig {
  const config: pg.ClientConfig = {
    connectionString: options.url,
    application_name: "nettle",
    // Statements that do not wait for each other travel together.
    pipeline: true,
    types: { getTypeParser },
  };
  if (options.certificateAuthority) config.ssl = { ca: options.certificateAuthority };
  return config as Knex.PgConnectionConfig;
}

const TIMESTAMP_WITH_TIME_ZONE = 1184;

/**
 * Parses timestamps to ISO texts, the form in which they are sent. Date objects would cost more
 * than the rest of a row.
 */
const getTypeParser = ((oid: number, format?: "text" | "binary") => {
  if (oid === TIMESTAMP_WITH_TIME_ZONE && format !== "binary")
    return (printed: string) => new Date(printed).toISOString();
  return pg.types.getTypeParser(oid, format as "text");
}) as typeof pg.types.getTypeParser;
