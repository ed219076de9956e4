import type { Knex } from "knex";
import { query, sql } from "../../../database/sql.ts";
import type { CheckoutLease } from "./checkout-leases.ts";

/** A locked lease of a checkout. */
export interface LockedCheckoutLease extends CheckoutLease {
  /** Whether a process holds it. */
  readonly is_held: boolean;
  /** When it ended, if no process holds it, as PostgreSQL prints it. */
  readonly interrupted_at: string;
}

/** Locks the row of a checkout's lease, and returns it. */
export async function lockCheckoutLease(
  trx: Knex.Transaction,
  cartId: string,
): Promise<LockedCheckoutLease | undefined> {
  const [lease] = await query<LockedCheckoutLease>(
    trx,
    sql`select *, claimed_until > clock_timestamp() as is_held,
        claimed_until::text as interrupted_at
      from nettle_checkout where cart_id = ${cartId} for update`,
  );
  return lease;
}
