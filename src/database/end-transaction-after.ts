import type { Knex } from "knex";
import { query, sql } from "./sql.ts";

/**
 * Has PostgreSQL end a transaction that takes longer, so that it does not hold its row locks: each
 * of its statements has a time limit, but all of them together have none. PostgreSQL 17 and later
 * know such a limit; before, this does nothing.
 */
export async function endTransactionAfter(trx: Knex.Transaction, seconds: number): Promise<void> {
  await query(
    trx,
    sql`select set_config('transaction_timeout', ${`${seconds}s`}, true)
      where current_setting('server_version_num')::int >= 170000`,
  );
}
