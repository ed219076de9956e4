import type { Knex } from "knex";
import { withLease } from "../../../concurrency/lease.ts";
import { retry } from "../../../concurrency/retry.ts";
import type { Log } from "../../../runtime/log.ts";
import { type Lease, type LeaseTable, releaseLeases, renewLeases } from "./lease-queries.ts";

interface LeaseDeps {
  readonly database: Knex;
  readonly log: Log;
}

/**
 * Renews leases while `execute` runs, and releases them after an error, so that other processes may
 * resume at once. Throws that error, also when the release fails.
 */
export async function holdLeases<L extends Lease, T>(
  { database, log }: LeaseDeps,
  table: LeaseTable<L>,
  leases: readonly L[],
  execute: () => Promise<T>,
): Promise<T> {
  const about = { table: table.name, keys: leases.map((lease) => lease[table.key]) };
  const renew = () =>
    renewLeases(database, table, leases).catch((error: unknown) =>
      log.warn(
        { ...about, event: "lease_renewal_failed", err: error },
        "A lease could not be renewed; another process may resume its work",
      ),
    );
  try {
    return await withLease(renew, execute);
  } catch (error) {
    await retry(() => releaseLeases(database, table, leases)).catch((failure: unknown) =>
      log.warn(
        { ...about, event: "lease_release_failed", err: failure },
        "A lease could not be released; other processes wait until it expires",
      ),
    );
    throw error;
  }
}
