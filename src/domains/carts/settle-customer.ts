import type { CommandTools } from "../../commands/command-tools.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { InvalidDataError, NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { findOrCreateGuest } from "../customers/find-or-create-guest.ts";
import { mayChangeHands } from "./cart-owner-rules.ts";
import { findCartCustomer, findCartGuest } from "./cart-queries.ts";
import type { CartChange } from "./cart-schemas.ts";
import type { Cart, CartCustomer } from "./cart-tree.ts";

/** A cart with its settled customer, and whether its lines may now have other prices. */
export interface SettledCustomer {
  readonly cart: Cart;
  readonly reprices: boolean;
}

/**
 * Settles whose a cart is. The logged-in customer takes over a guest's cart. A visitor names an
 * e-mail, which makes the cart a guest's. A cart that does not change hands stays as it is, without
 * an error. The recalculation then takes away what the former customer's groups granted.
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
  const unchanged = { cart, reprices: false };
  if (ctx.customerId) {
    const isOwn = cart.customer_id === ctx.customerId;
    if (cart.completed_at || !(isOwn || mayChangeHands(cart, ctx.customerId))) return unchanged;
    const customer = await requireCustomer(trx, ctx.customerId);
    return { ...handOver(cart, customer), reprices: true };
  }
  if (!mayChangeHands(cart, undefined)) return unchanged;
  if (input.customer_id) {
    // An id proves nothing: a visitor may only repeat the one that the cart shows.
    if (input.customer_id !== cart.customer_id) throw notFound(input.customer_id);
    const customer = await requireCustomer(trx, input.customer_id);
    return { ...handOver(cart, customer), reprices: true };
  }
  if (input.email === undefined) return { ...unchanged, reprices: input.customer_id !== undefined };
  if (input.email === null) throw new InvalidDataError("The email is not valid");
  return handOver(cart, await requireGuest(trx, input.email.toLowerCase(), newId("cus")));
}

async function requireCustomer(trx: Transaction, id: string): Promise<CartCustomer> {
  const customer = await findCartCustomer(trx, id);
  if (!customer) throw notFound(id);
  return customer;
}

/** Returns the guest with an e-mail in lower case, who is created if there is none. */
async function requireGuest(trx: Transaction, email: string, id: string): Promise<CartCustomer> {
  const [guestId, guest] = await Promise.all([
    findOrCreateGuest(trx, email, id),
    findCartGuest(trx, email),
  ]);
  return guest ?? requireCustomer(trx, guestId);
}

function notFound(id: string): NotFoundError {
  return new NotFoundError(`Customer with id: ${id} was not found`);
}

/** Returns the cart with its customer, without the payments that a former account began. */
function handOver(cart: Cart, customer: CartCustomer): SettledCustomer {
  const owned = { ...cart, customer, customer_id: customer.id, email: customer.email };
  if (cart.customer_id === customer.id) return { cart: owned, reprices: false };
  // A payment that an account began may carry that account's identity at the provider.
  const payment_sessions = cart.customer?.has_account ? [] : cart.payment_sessions;
  return { cart: { ...owned, payment_sessions }, reprices: hadGroups(cart) };
}

function hadGroups({ customer }: Cart): boolean {
  return (customer?.groups.length ?? 0) > 0;
}
