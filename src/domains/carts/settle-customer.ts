import type { CommandTools } from "../../commands/command-tools.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { InvalidDataError, NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { findOrCreateGuest } from "../customers/find-or-create-guest.ts";
import { findDiscounts } from "../discounts/discount-queries.ts";
import { mayChangeHands, provenCustomerId } from "./cart-owner-rules.ts";
import { findCartCustomer } from "./cart-queries.ts";
import type { CartChange } from "./cart-schemas.ts";
import type { Cart, CartCustomer } from "./cart-tree.ts";

/** A cart with its settled customer, and what must be recalculated. */
export interface SettledCustomer {
  readonly cart: Cart;
  readonly reprices: boolean;
  readonly adjusts: boolean;
}

/**
 * Settles whose a cart is. The logged-in customer takes over a guest's cart. A visitor names an
 * e-mail, which makes the cart a guest's. A cart that does not change hands stays as it is, without
 * an error. What the former customer's groups granted leaves with that customer.
 * @throws InvalidDataError if the e-mail is null
 * @throws NotFoundError if the named customer is not the cart's, or no longer exists
 */
export async function settleCustomer(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  input: Pick<CartChange, "email" | "customer_id">,
  newId: CommandTools["newId"],
): Promise<SettledCustomer> {
  const unchanged = { cart, reprices: false, adjusts: false };
  if (ctx.customerId) {
    const isOwn = cart.customer_id === ctx.customerId;
    if (cart.completed_at || !(isOwn || mayChangeHands(cart, ctx.customerId))) return unchanged;
    const settled = await handOver(trx, ctx, cart, await requireCustomer(trx, ctx.customerId));
    return { ...settled, reprices: true };
  }
  if (!mayChangeHands(cart, undefined)) return unchanged;
  if (input.customer_id) {
    // An id proves nothing: a visitor may only repeat the one that the cart shows.
    if (input.customer_id !== cart.customer_id) throw notFound(input.customer_id);
    const customer = await requireCustomer(trx, input.customer_id);
    return { ...(await handOver(trx, ctx, cart, customer)), reprices: true };
  }
  if (input.email === undefined) return { ...unchanged, reprices: input.customer_id !== undefined };
  if (input.email === null) throw new InvalidDataError("The email is not valid");
  const guestId = await findOrCreateGuest(trx, input.email.toLowerCase(), newId("cus"));
  return handOver(trx, ctx, cart, await requireCustomer(trx, guestId));
}

async function requireCustomer(trx: Transaction, id: string): Promise<CartCustomer> {
  const customer = await findCartCustomer(trx, id);
  if (!customer) throw notFound(id);
  return customer;
}

function notFound(id: string): NotFoundError {
  return new NotFoundError(`Customer with id: ${id} was not found`);
}

/** Returns the cart with its customer, without what the groups of a former one granted. */
async function handOver(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  customer: CartCustomer,
): Promise<SettledCustomer> {
  const owned = { ...cart, customer, customer_id: customer.id, email: customer.email };
  if (cart.customer_id === customer.id) return { cart: owned, reprices: false, adjusts: false };
  const discounts = await withoutGroupDiscounts(trx, ctx, owned, cart.customer_id);
  const hadGroups = (cart.customer?.groups.length ?? 0) > 0;
  const adjusts = cart.discounts.length > (hadGroups ? 0 : discounts.length);
  return { cart: { ...owned, discounts }, reprices: hadGroups, adjusts };
}

/**
 * Returns the cart's discounts that are for everybody, or for the proven customer's groups. A cart
 * without a customer had no others.
 */
async function withoutGroupDiscounts(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  formerId: string | null,
): Promise<Cart["discounts"]> {
  if (formerId === null || cart.discounts.length === 0) return cart.discounts;
  const codes = cart.discounts.map(({ code }) => code);
  const found = await findDiscounts(trx, codes, provenCustomerId(ctx, cart));
  const refused = new Set(
    found.filter(({ fitsCustomer }) => !fitsCustomer).map((discount) => discount.id),
  );
  return cart.discounts.filter(({ id }) => !refused.has(id));
}
