import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/** A cart whose completion somebody has left half-way. */
export interface InterruptedCheckout {
  readonly cart_id: string;
  /** How often it was gone on with in vain. */
  readonly tries: number;
  readonly provider_id: string | null;
}

/** Carts that were left so many seconds ago and whose turn it is, those that wait longest first. */
export function findInterruptedCheckouts(
  connection: Knex,
  seconds: number,
  limit: number,
): Promise<InterruptedCheckout[]> {
  return query<InterruptedCheckout>(
    connection,
    sql`select cart_id, tries, provider_id from nettle_checkout
      where claimed_until <= now() - make_interval(secs => ${seconds}) and next_try_at <= now()
      order by claimed_until limit ${limit}`,
  );
}

/**
 * Counts a try in vain and says after how many seconds comes the next; false when the cart is not
 * left half-way any more.
 */
export async function postpone(
  connection: Knex,
  cartId: string,
  seconds: number,
): Promise<boolean> {
  const postponed = await query(
    connection,
    sql`update nettle_checkout set tries = tries + 1, next_try_at = now() + make_interval(secs => ${seconds})
      where cart_id = ${cartId} returning 1`,
  );
  return postponed.length > 0;
}
