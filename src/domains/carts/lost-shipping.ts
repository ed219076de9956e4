import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { Cart } from "./cart-tree.ts";

/** Returns whether a change takes a cart's shipping methods away. */
export function losesShipping(before: Cart, after: Cart): boolean {
  return before.shipping_methods.length > 0 && after.shipping_methods.length === 0;
}

/** Records that a cart had a shipping method, which a change took away. */
export async function recordLostShipping(trx: Knex.Transaction, cartId: string): Promise<void> {
  await query(
    trx,
    sql`insert into nettle_lost_shipping (cart_id) values (${cartId})
      on conflict (cart_id) do update set lost_at = now()`,
  );
}

/** Returns whether a change took the shipping methods of a cart away. */
export async function hasLostShipping(connection: Knex, cartId: string): Promise<boolean> {
  const rows = await query(
    connection,
    sql`select 1 from nettle_lost_shipping where cart_id = ${cartId}`,
  );
  return rows.length > 0;
}
