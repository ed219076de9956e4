import { AmountChangedError, InvalidDataError, NotAllowedError } from "../../core/errors.ts";
import type { Cart } from "../carts/cart-tree.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import type { Due } from "./completion-target.ts";

/**
 * Checks, in Medusa's order, that nothing is missing before anything is paid. Returns the session
 * that pays; undefined when nothing is due.
 * @throws NotAllowedError if the cart has no payment session
 * @throws InvalidDataError if the cart is empty or has no customer
 * @throws AmountChangedError if more is due than the shopper was shown
 */
export function requireReadySession(cart: Cart, due: Due): PaymentSession | undefined {
  const session = requirePaymentSession(cart, due);
  if (cart.items.length === 0) throw new InvalidDataError("Cannot create order from empty cart");
  if (!cart.customer_id || !cart.email)
    throw new InvalidDataError("Cannot create an order from the cart without a customer");
  return session && requireSufficientSession(cart, session, due);
}

/**
 * Returns the session that pays what is due; undefined when nothing is due.
 * @throws NotAllowedError if there is none
 * @throws AmountChangedError if a gift card covered what is due
 */
export function requirePaymentSession(cart: Cart, { due }: Due): PaymentSession | undefined {
  if (due <= 0) return;
  const session = cart.payment_sessions.find(({ is_selected }) => is_selected);
  if (!session && cart.gift_cards.length > 0 && cart.payment_sessions.length === 0)
    mustStillCover(cart);
  if (!session) throw new NotAllowedError("You cannot complete a cart without a payment session.");
  return session;
}

/**
 * Returns the session, if it is for all that is due.
 * @throws AmountChangedError if more is due than the shopper was shown
 */
export function requireSufficientSession(
  cart: Cart,
  session: PaymentSession,
  { due, shown }: Due,
): PaymentSession {
  const fits =
    session.amount === null || due <= session.amount || lacksTaxOnly(cart, session, shown);
  if (!fits) throw amountChanged(cart);
  return session;
}

/**
 * Whether a session is for all that is due except taxes that its region does not show by itself.
 * Medusa creates such sessions, and adds the tax when it completes the cart. Does not hold when a
 * gift card has changed since, because the amount may then fit by chance.
 */
function lacksTaxOnly(
  { region, gift_cards }: Cart,
  { amount, updated_at }: PaymentSession,
  shown: number,
): boolean {
  return (
    !region.automatic_taxes &&
    amount === shown &&
    gift_cards.every((card) => card.updated_at <= updated_at)
  );
}

const ADVICE = "Create payment sessions again to go on with what is now due.";

function mustStillCover(cart: Cart): void {
  if (cart.gift_cards.some(isSpent)) throw amountChanged(cart);
}

/** A card without a balance is disabled. */
function isSpent({
  is_disabled,
  balance,
}: {
  readonly is_disabled: boolean;
  readonly balance: number;
}): boolean {
  return is_disabled || balance === 0;
}

function reasonOf(cart: Cart): string {
  return cart.gift_cards.length > 0
    ? "A gift card no longer covers what it did in this cart."
    : "More is due than the payment session is for.";
}

/**
 * Checks that the authorized amount is what is due.
 * @throws AmountChangedError
 */
export function mustStillBeDue(cart: Cart, due: number, amount: number): void {
  if (due > amount) throw amountChanged(cart);
  if (Math.max(due, 0) !== amount) throw new AmountChangedError(`The cart was changed. ${ADVICE}`);
}

/** Returns the error of a cart for which more is due than before. */
export function amountChanged(cart: Cart): AmountChangedError {
  return new AmountChangedError(`${reasonOf(cart)} ${ADVICE}`);
}
