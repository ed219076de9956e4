import type { Cart } from "./cart-tree.ts";

/** What decides whether a cart may become another customer's. */
interface OwnedCart {
  readonly type: string;
  readonly completed_at: string | null;
  readonly customer: { readonly id: string; readonly has_account: boolean } | null;
}

/**
 * The types of carts that shoppers fill by themselves. The cart of a swap or of a draft order
 * belongs to the customer for whom it was created.
 */
const SHOPPERS_TYPES: ReadonlySet<string> = new Set(["default", "payment_link"]);

/**
 * Returns whether a request may make the cart another customer's: an open one that a shopper
 * filled. A logged-in customer does not take over the cart of another account. A visitor may go on
 * with such a cart as a guest, since logging out leaves the cart with the browser.
 */
export function mayChangeHands(cart: OwnedCart, customerId: string | undefined): boolean {
  if (cart.completed_at || !SHOPPERS_TYPES.has(cart.type)) return false;
  return customerId === undefined || !belongsToOtherAccount(cart, customerId);
}

function belongsToOtherAccount({ customer }: OwnedCart, customerId: string): boolean {
  return customer?.has_account === true && customer.id !== customerId;
}

/**
 * Returns the id of the cart's customer if that customer is the one who is logged in, and null for
 * anyone else: an e-mail or an id that somebody typed proves nothing.
 */
export function provenCustomerId(
  { customerId }: { readonly customerId: string | undefined },
  cart: Pick<Cart, "customer_id">,
): string | null {
  return customerId !== undefined && cart.customer_id === customerId ? customerId : null;
}
