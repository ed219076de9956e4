import type { Knex } from "knex";
import type { Config } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { connectDatabase } from "./connect-database.ts";

/** How long a request waits for a free connection before it is told that the shop is busy. */
const ACQUIRE_SECONDS = 10;

/**
 * The pool of the configured database, or of the embedded one at `url`, after it has answered once.
 * @throws StartFailure it cannot be reached, does not exist, or does not let us in
 */
export async function openDatabase(settings: Config["database"], url: string): Promise<Knex> {
  const knex = connectDatabase({
    url: settings.caFile ? withAuthority(url, settings.caFile) : url,
    poolSize: settings.poolMax,
    prepare: settings.prepare,
    statementTimeout: settings.statementSeconds * 1000,
    lockTimeout: settings.lockSeconds * 1000,
    idleInTransactionTimeout: settings.idleTransactionSeconds * 1000,
    acquireTimeout: ACQUIRE_SECONDS * 1000,
  });
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

/**
 * The driver prefers what the address says of TLS to all else, so the authority has to be named
 * there.
 */
function withAuthority(url: string, file: string): string {
  const address = new URL(url);
  address.searchParams.set("sslrootcert", file);
  return address.href;
}

/** Host, port and name; never the user's password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || "localhost"}:${port || 5432}${decodeURIComponent(pathname)}`;
}

function reasonOf(error: unknown): string {
  const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
  if ((error as Error).name === "KnexTimeoutError")
    return `it did not answer within ${ACQUIRE_SECONDS} seconds`;
  if (/self-signed|unable to (get|verify)/.test(message)) {
    return `${message} (name its authority in DATABASE_CA_FILE, or say sslmode=no-verify in a network of your own)`;
  }
  // Both addresses of a host that refused: an error of its own kind, without a message.
  return message || errors?.[0]?.message || code || "no reason given";
}
