import type { Knex } from "knex";
import type { RequestContext } from "../../core/request-context.ts";
import { findCartCustomer } from "./cart-queries.ts";
import type { Cart, CartCustomer } from "./cart-tree.ts";

/**
 * Returns the customer whose groups decide the prices and the codes of a cart that is changed: the
 * one who is logged in, unless the cart is another account's. Returns null for a visitor, since an
 * e-mail that somebody typed proves nothing.
 */
export async function findBuyer(
  connection: Knex,
  { customerId }: Pick<RequestContext, "customerId">,
  cart: Pick<Cart, "customer" | "customer_id">,
): Promise<CartCustomer | null> {
  if (!customerId) return null;
  if (customerId === cart.customer_id) return cart.customer;
  if (accountOf(cart)) return null;
  return (await findCartCustomer(connection, customerId)) ?? null;
}

/**
 * Returns the account that a cart belongs to, which a login has proven; null for a guest's cart.
 */
export function accountOf({ customer }: Pick<Cart, "customer">): CartCustomer | null {
  return customer?.has_account ? customer : null;
}
