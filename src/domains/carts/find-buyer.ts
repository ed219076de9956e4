import type { Knex } from "knex";
import type { RequestContext } from "../../core/request-context.ts";
import { findCartCustomer } from "./cart-queries.ts";
import type { Cart, CartCustomer } from "./cart-tree.ts";

/**
 * Returns the customer whose groups decide the prices and the codes of a cart: the one who is
 * logged in, or else the account that the cart belongs to. Returns null for a guest, since an
 * e-mail that somebody typed proves nothing.
 */
export async function findBuyer(
  connection: Knex,
  ctx: Pick<RequestContext, "customerId">,
  cart: Pick<Cart, "customer" | "customer_id">,
): Promise<CartCustomer | null> {
  const owner = cart.customer?.has_account ? cart.customer : null;
  if (!ctx.customerId || owner) return owner;
  if (ctx.customerId === cart.customer_id) return cart.customer;
  return (await findCartCustomer(connection, ctx.customerId)) ?? null;
}
