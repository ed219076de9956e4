import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { execute, query, sql } from "../../database/sql.ts";
import type { Cart, Line } from "./cart-tree.ts";

/** Returns the cart without shipping methods. No line has shipping then. */
export function withoutShipping(cart: Cart): Cart {
  return { ...cart, shipping_methods: [], items: cart.items.map(unshipped) };
}

function unshipped(line: Line): Line {
  return line.has_shipping ? { ...line, has_shipping: false } : line;
}

/** Returns whether a change takes a cart's shipping methods away. */
export function losesShipping(before: Cart, after: Cart): boolean {
  return before.shipping_methods.length > 0 && after.shipping_methods.length === 0;
}

/** Records that a cart had a shipping method, which a change took away. It is sent ahead. */
export function recordLostShipping(trx: Transaction, cartId: string): void {
  execute(
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
