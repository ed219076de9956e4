import type { Knex } from "knex";
import type { RequestContext } from "../../core/request-context.ts";
import { findCartCustomer } from "./cart-queries.ts";
import type { Cart, CartCustomer } from "./cart-tree.ts";

type OwnedCart = Pick<Cart, "customer" | "customer_id">;

/**
 * Returns the customer whose groups decide the prices and the codes of a cart: the one who is
 * logged in, unless the cart is another account's. Returns null for a visitor: an e-mail or an id
 * that somebody typed proves nothing.
 */
export async function findBuyer(
  connection: Knex,
  { customerId }: Pick<RequestContext, "customerId">,
  cart: OwnedCart,
): Promise<CartCustomer | null> {
  if (!customerId) return null;
  if (customerId === cart.customer_id) return cart.customer;
  if (cart.customer?.has_account) return null;
  return (await findCartCustomer(connection, customerId)) ?? null;
}

/**
 * Returns the account that a cart belongs to, or null. Its groups count where a cart is completed:
 * what they granted was granted to that customer, and a payment provider may complete the cart.
 */
export function accountOf({ customer }: OwnedCart): CartCustomer | null {
  return customer?.has_account ? customer : null;
}
