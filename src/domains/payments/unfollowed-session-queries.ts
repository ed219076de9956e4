import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { LEASE_SECONDS } from "../../concurrency/lease.ts";
import { execute, query, type Sql, sql } from "../../database/sql.ts";

/**
 * The mark of a session whose provider does not know yet what its cart costs, and the lease of the
 * process that follows it.
 */
export interface UnfollowedSession {
  readonly session_id: string;
  /** Each change of the cart issues another one. */
  readonly version: string;
  /** Who was logged in as the cart's customer at the last change. */
  readonly payer_id: string | null;
  /** Fencing token of the lease. */
  readonly fence: string;
}

/**
 * Marks sessions as not followed, ahead, in the transaction that changes what they pay for.
 * `payerId` is the cart's customer, if they are logged in.
 */
export function markUnfollowed(
  trx: Transaction,
  sessionIds: readonly string[],
  payerId: string | null,
): void {
  if (sessionIds.length === 0) return;
  execute(
    trx,
    sql`insert into nettle_unfollowed_session as u (session_id, payer_id)
      select unnest(${sessionIds.toSorted()}::text[]), ${payerId}
      on conflict (session_id) do update set version = excluded.version,
        payer_id = coalesce(excluded.payer_id, u.payer_id)`,
  );
}

/** Whether a session is marked as not followed. */
export async function isUnfollowed(connection: Knex, sessionId: string): Promise<boolean> {
  const found = await query(
    connection,
    sql`select 1 from nettle_unfollowed_session where session_id = ${sessionId}`,
  );
  return found.length > 0;
}

/** Whether no change has marked a session again. */
export async function isNewest(
  connection: Knex,
  { session_id, version }: UnfollowedSession,
): Promise<boolean> {
  const found = await query(
    connection,
    sql`select 1 from nettle_unfollowed_session
      where session_id = ${session_id} and version = ${version}`,
  );
  return found.length > 0;
}

/** Deletes the mark of a session, unless a change has marked it again. */
export async function deleteMark(
  connection: Knex,
  { session_id, version }: UnfollowedSession,
): Promise<void> {
  await query(
    connection,
    sql`delete from nettle_unfollowed_session
      where session_id = ${session_id} and version = ${version}`,
  );
}

/** Extends the leases of sessions that are being followed. */
export async function renewFollowing(
  connection: Knex,
  marks: readonly UnfollowedSession[],
): Promise<void> {
  await query(
    connection,
    sql`update nettle_unfollowed_session
      set claimed_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      where ${areHeld(marks)}`,
  );
}

/** Ends the leases of sessions that are still not followed: the next request follows them. */
export async function endFollowing(
  connection: Knex,
  marks: readonly UnfollowedSession[],
): Promise<void> {
  await query(
    connection,
    sql`update nettle_unfollowed_session set claimed_until = clock_timestamp()
      where ${areHeld(marks)}`,
  );
}

function areHeld(marks: readonly UnfollowedSession[]): Sql {
  return sql`session_id = any(${marks.map(({ session_id }) => session_id)}::text[])
    and fence = any(${marks.map(({ fence }) => fence)}::bigint[])`;
}
