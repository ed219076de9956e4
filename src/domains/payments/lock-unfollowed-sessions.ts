import type { Knex } from "knex";
import { LEASE_SECONDS } from "../../concurrency/lease.ts";
import { query, sql } from "../../database/sql.ts";
import type { UnfollowedSession } from "./unfollowed-session-queries.ts";

interface FoundMarks {
  /** Those that the caller may follow now. */
  readonly acquired: readonly UnfollowedSession[];
  /** Whether another process follows one. */
  readonly isBusy: boolean;
}

/**
 * Acquires the leases of a cart's sessions that are not followed. A change that is being
 * committed is waited for. `sessionId` names the only one that counts.
 */
export async function acquireUnfollowed(
  connection: Knex,
  cartId: string,
  sessionId?: string,
): Promise<FoundMarks> {
  const rows = await query<UnfollowedSession & { is_free: boolean }>(
    connection,
    sql`with locked as (
        select u.session_id, u.claimed_until <= clock_timestamp() as is_free
        from nettle_unfollowed_session u join payment_session s on s.id = u.session_id
        where s.cart_id = ${cartId} and s.id = coalesce(${sessionId ?? null}::text, s.id)
        order by u.session_id for update of u
      ), acquired as (
        update nettle_unfollowed_session u
        set fence = default,
          claimed_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
        from locked l where u.session_id = l.session_id and l.is_free
        returning u.session_id, u.version, u.payer_id, u.fence
      )
      select l.session_id, l.is_free, a.version, a.payer_id, a.fence
      from locked l left join acquired a on a.session_id = l.session_id`,
  );
  return {
    acquired: rows.filter(({ is_free }) => is_free).map(({ is_free: _, ...mark }) => mark),
    isBusy: rows.some(({ is_free }) => !is_free),
  };
}
