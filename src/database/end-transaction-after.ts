import type { Knex } from "knex";
import { query, sql } from "./sql.ts";
import { onEnd, type Transaction } from "./transaction.ts";

interface Backend {
  /** Whether PostgreSQL ends the transaction by itself: 17 and later can. */
  readonly is_limited: boolean;
  readonly pid: number;
  /** When its transaction started, as PostgreSQL prints it. */
  readonly started: string;
}

/**
 * Ends a transaction that takes longer, so that it does not hold its row locks: each of its
 * statements has a time limit, but all of them together have none. Before PostgreSQL 17 its
 * connection is ended by another one, and by PostgreSQL itself where this process hangs.
 */
export async function endTransactionAfter(
  database: Knex,
  trx: Transaction,
  seconds: number,
): Promise<void> {
  const limit = `${seconds}s`;
  const [backend] = await query<Backend>(
    trx,
    sql`select is_limited, pg_backend_pid() as pid, now()::text as started,
        case when is_limited then set_config('transaction_timeout', ${limit}, true)
        else set_config('statement_timeout', ${limit}, true)
          || set_config('idle_in_transaction_session_timeout', ${limit}, true) end
      from (select current_setting('server_version_num')::int >= 170000) v (is_limited)`,
  );
  if (backend && !backend.is_limited) terminateAfter(database, trx, backend, seconds);
}

function terminateAfter(
  database: Knex,
  trx: Transaction,
  { pid, started }: Backend,
  seconds: number,
): void {
  const terminate = () =>
    query(
      database,
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where pid = ${pid} and xact_start = ${started}::timestamptz`,
      // Without a free connection, the limits of its statements end it.
    ).catch(() => undefined);
  const timer = setTimeout(() => void terminate(), seconds * 1000).unref();
  onEnd(trx, () => clearTimeout(timer));
}
