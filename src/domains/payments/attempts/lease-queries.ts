import type { Knex } from "knex";
import { BusyError } from "../../../commands/retry-while-busy.ts";
import { LEASE_SECONDS } from "../../../concurrency/lease.ts";
import { join, query, raw, type Sql, sql } from "../../../database/sql.ts";
import { sendAhead, type Transaction } from "../../../database/transaction.ts";

/** The right of one process to work on a payment, and what it has recorded about it. */
export interface Lease {
  /** Fencing token: each acquisition gets a new one, so a stale holder's writes match no row. */
  readonly fence: string;
  /** Prefix of the attempt's idempotency keys. */
  readonly attempt: string | null;
  /** Failed automatic retries of the attempt. */
  readonly tries: number;
}

/** A table whose rows are leases until `claimed_until`; after that another process may resume. */
export interface LeaseTable<L extends Lease> {
  readonly name: string;
  /** The column that identifies a lease. */
  readonly key: string & keyof L;
  /** The column whose leases are resumed together: the cart's or the payment collection's id. */
  readonly resource: string & keyof L;
  readonly inserted: readonly (string & keyof L)[];
  readonly recorded: readonly (string & keyof L)[];
  /** When the next automatic retry is due. */
  readonly nextTryAt: Sql;
  /** What a failed automatic retry sets, beside counting it. */
  readonly postponed: Sql;
  /** What a client is told while another process holds the lease. */
  readonly busyMessage: string;
}

/** Another process has acquired the lease meanwhile. */
export class LeaseLostError extends BusyError {}

const LEASE_END = sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;

/**
 * Acquires leases of rows that the caller's transaction has locked. Returns fewer while another
 * process holds some. An interrupted attempt keeps what it has recorded.
 */
export function acquireLeases<L extends Lease>(
  trx: Knex.Transaction,
  table: LeaseTable<L>,
  rows: readonly Partial<L>[],
): Promise<L[]> {
  const columns = join(table.inserted.map((column) => raw(column)));
  return query<L>(
    trx,
    sql`insert into ${raw(table.name)} as t (${columns}, claimed_until)
      select ${columns}, ${LEASE_END}
      from jsonb_populate_recordset(null::${raw(table.name)}, ${JSON.stringify(rows)}::jsonb)
      on conflict (${raw(table.key)}) do update
        set fence = excluded.fence, claimed_until = excluded.claimed_until
        where t.claimed_until <= clock_timestamp()
      returning *`,
  );
}

/** Acquires the interrupted leases of a cart or a payment collection. */
export function acquireInterruptedLeases<L extends Lease>(
  connection: Knex,
  table: LeaseTable<L>,
  resourceId: string,
): Promise<L[]> {
  return query<L>(
    connection,
    sql`update ${raw(table.name)} set fence = default, claimed_until = ${LEASE_END}
      where ${raw(table.resource)} = ${resourceId} and claimed_until <= clock_timestamp()
      returning *`,
  );
}

/** Extends leases. Skips a row that a transaction is about to delete. */
export async function renewLeases<L extends Lease>(
  connection: Knex,
  table: LeaseTable<L>,
  leases: readonly L[],
): Promise<void> {
  await query(
    connection,
    sql`update ${raw(table.name)} set claimed_until = ${LEASE_END} where ${raw(table.key)} in (
      select ${raw(table.key)} from ${raw(table.name)} where ${are(table, leases)}
      for update skip locked)`,
  );
}

/**
 * Records a step before it is done, and extends the lease. A new attempt has no failed retries.
 * @throws LeaseLostError
 */
export async function recordStep<L extends Lease>(
  connection: Knex,
  table: LeaseTable<L>,
  lease: L,
  changes: Partial<L>,
): Promise<L> {
  const sets = table.recorded.map((column) => sql`${raw(column)} = r.${raw(column)}`);
  const step = { ...lease, ...changes };
  const values = Object.fromEntries(table.recorded.map((column) => [column, step[column]]));
  const [recorded] = await query<L>(
    connection,
    sql`update ${raw(table.name)} t set ${join(sets)}, claimed_until = ${LEASE_END},
        tries = case when t.attempt is not distinct from r.attempt then t.tries else 0 end
      from jsonb_populate_record(null::${raw(table.name)}, ${JSON.stringify(values)}::jsonb) r
      where t.${raw(table.key)} = ${lease[table.key]} and t.fence = ${lease.fence} returning t.*`,
  );
  if (!recorded) throw new LeaseLostError(table.busyMessage);
  return recorded;
}

/**
 * Records the first step of a lease that this transaction has acquired, so that no other process
 * can hold it, as a new attempt. The statement is sent ahead. Returns the lease as it is recorded.
 */
export function recordFirstStep<L extends Lease>(
  trx: Transaction,
  table: LeaseTable<L>,
  lease: L,
  changes: Partial<L>,
): L {
  sendAhead(trx, recordStep(trx, table, lease, changes));
  return { ...lease, ...changes, tries: 0 };
}

/**
 * Deletes a lease, in the transaction that finishes its work.
 * @throws LeaseLostError
 */
export async function endLease<L extends Lease>(
  connection: Knex,
  table: LeaseTable<L>,
  lease: L,
): Promise<void> {
  const ended = await query(
    connection,
    sql`delete from ${raw(table.name)} where ${are(table, [lease])} returning 1`,
  );
  if (ended.length === 0) throw new LeaseLostError(table.busyMessage);
}

/** Deletes the leases of a cart or a payment collection, whichever process holds them. */
export async function deleteLeases<L extends Lease>(
  trx: Knex.Transaction,
  table: LeaseTable<L>,
  resourceId: string,
): Promise<void> {
  await query(
    trx,
    sql`delete from ${raw(table.name)} where ${raw(table.resource)} = ${resourceId}`,
  );
}

/**
 * Lets other processes resume at once; what is recorded stays. A lease that has ended is not an
 * error.
 */
export async function releaseLeases<L extends Lease>(
  connection: Knex,
  table: LeaseTable<L>,
  leases: readonly L[],
): Promise<void> {
  await query(
    connection,
    sql`update ${raw(table.name)} set claimed_until = clock_timestamp()
      where ${are(table, leases)}`,
  );
}

/** Whether an attempt for a cart or a payment collection is running or interrupted. */
export async function isLeased<L extends Lease>(
  connection: Knex,
  table: LeaseTable<L>,
  resourceId: string,
): Promise<boolean> {
  const found = await query(
    connection,
    sql`select 1 from ${raw(table.name)} where ${raw(table.resource)} = ${resourceId} limit 1`,
  );
  return found.length > 0;
}

/** A cart or a payment collection with interrupted attempts. */
export interface Interrupted {
  readonly id: string;
  readonly provider_id: string | null;
  /** Failed automatic retries. */
  readonly tries: number;
}

/**
 * Returns what was interrupted at least `graceSeconds` ago and whose next retry is due, the longest
 * waiting first, and at most `limit` of each provider.
 */
export function findInterrupted<L extends Lease>(
  connection: Knex,
  { name, resource, nextTryAt }: LeaseTable<L>,
  graceSeconds: number,
  limit: number,
): Promise<Interrupted[]> {
  return query<Interrupted>(
    connection,
    sql`select id, provider_id, tries from (
        select ${raw(resource)} as id, min(provider_id) as provider_id, max(tries) as tries,
          min(claimed_until) as since,
          row_number() over (partition by min(provider_id) order by min(claimed_until)) as place
        from ${raw(name)}
        where claimed_until <= now() - make_interval(secs => ${graceSeconds})
          and ${nextTryAt} <= now()
        group by ${raw(resource)}
      ) due where place <= ${limit} order by since`,
  );
}

/** Counts a failed retry and postpones the next one. Returns whether one is still to be made. */
export async function recordFailedTry<L extends Lease>(
  connection: Knex,
  { name, resource, postponed }: LeaseTable<L>,
  resourceId: string,
): Promise<boolean> {
  const counted = await query(
    connection,
    sql`update ${raw(name)} set tries = tries + 1${postponed}
      where ${raw(resource)} = ${resourceId} returning 1`,
  );
  return counted.length > 0;
}

function are<L extends Lease>(table: LeaseTable<L>, leases: readonly L[]): Sql {
  const keys = leases.map((lease) => lease[table.key]);
  const fences = leases.map(({ fence }) => fence);
  return sql`${raw(table.key)} = any(${keys}::text[]) and fence = any(${fences}::bigint[])`;
}
