import type { Knex } from "knex";
import type { Config } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { connectDatabase } from "./connect-database.ts";

/** How long a request waits for a free connection before it fails with 503. */
const ACQUIRE_SECONDS = 10;

/**
 * Opens the pool of the database at `url` and waits for its first answer.
 * @throws StartupError if the database cannot be reached, does not exist, or refuses the login
 */
export async function openDatabase(settings: Config["database"], url: string): Promise<Knex> {
  const knex = connectWith(settings, url);
  try {
    await knex.raw("select 1");
    return knex;
  } catch (error) {
    await knex.destroy();
    throw new StartupError(
      `The database at ${placeOf(url)} (DATABASE_URL) cannot be used: ${reasonOf(error)}.`,
    );
  }
}

/** Opens the pool of a replica. That need not answer yet. */
export function connectReplica(settings: Config["database"], url: string): Knex {
  return connectWith(settings, url);
}

function connectWith(settings: Config["database"], url: string): Knex {
  return connectDatabase({
    url: addressWithAuthority(settings, url),
    poolSize: settings.poolMax,
    prepare: settings.prepare,
    statementTimeout: settings.statementSeconds * 1000,
    lockTimeout: settings.lockSeconds * 1000,
    idleInTransactionTimeout: settings.idleTransactionSeconds * 1000,
    acquireTimeout: ACQUIRE_SECONDS * 1000,
  });
}

/**
 * Returns the URL with the file of the certificate authority, if one is set. The driver prefers the
 * TLS parameters of the URL to other options, so the file must be named there.
 */
export function addressWithAuthority(
  { caFile: file }: Pick<Config["database"], "caFile">,
  url: string,
): string {
  if (!file) return url;
  const address = new URL(url);
  address.searchParams.set("sslrootcert", file);
  return address.href;
}

/** Returns host, port and database name, without user and password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || "localhost"}:${port || 5432}${decodeURIComponent(pathname)}`;
}

function reasonOf(error: unknown): string {
  const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
  if ((error as Error).name === "KnexTimeoutError")
    return `it did not answer within ${ACQUIRE_SECONDS} seconds`;
  if (/self-signed|unable to (get|verify)/.test(message)) {
    return (
      `${message} (set DATABASE_CA_FILE to its certificate authority, ` +
      "or use sslmode=no-verify in a private network)"
    );
  }
  // If all addresses of a host refuse, Node throws an AggregateError without a message.
  return message || errors?.[0]?.message || code || "for an unknown reason";
}
