import type { Knex } from "knex";
import { query, sql } from "../../../database/sql.ts";

/** Locks the row of a checkout's lease. Returns whether a process holds it, and its session. */
export async function lockCheckoutLease(
  trx: Knex.Transaction,
  cartId: string,
): Promise<{ is_held: boolean; session_id: string | null } | undefined> {
  const [lease] = await query<{ is_held: boolean; session_id: string | null }>(
    trx,
    sql`select claimed_until > clock_timestamp() as is_held, session_id from nettle_checkout
      where cart_id = ${cartId} for update`,
  );
  return lease;
}
