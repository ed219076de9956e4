import { DueChanged, InvalidData, NotAllowed, type ShopError } from "../../errors.ts";
import type { Cart, Session } from "../carts/cart-tree.ts";
import type { Due } from "./outcome.ts";

/**
 * What must be there before anything is paid, in the order in which Medusa asks for it. Gives the session that pays; undefined when nothing is due.
 * @throws NotAllowed · InvalidData something is missing · DueChanged more is due than the shopper was shown
 */
export function mustBeReady(cart: Cart, due: Due): Session | undefined {
  const session = mustHaveSession(cart, due);
  if (cart.items.length === 0) throw new InvalidData("Cannot create order from empty cart");
  if (!cart.customer_id || !cart.email) throw new InvalidData("Cannot create an order from the cart without a customer");
  return session && mustFit(cart, session, due);
}

/**
 * The session that pays what is due; undefined when nothing is.
 * @throws NotAllowed there is none · DueChanged a gift card covered what is due
 */
export function mustHaveSession(cart: Cart, { due }: Due): Session | undefined {
  if (due <= 0) return;
  const session = cart.payment_sessions.find(({ is_selected }) => is_selected);
  if (!session && cart.gift_cards.length > 0 && cart.payment_sessions.length === 0) mustStillCover(cart);
  if (!session) throw new NotAllowed("You cannot complete a cart without a payment session.");
  return session;
}

/** @throws DueChanged more is due than the shopper was shown */
export function mustFit(cart: Cart, session: Session, { due, shown }: Due): Session {
  const fits = session.amount === null || due <= session.amount || lacksTaxOnly(cart, session, shown);
  if (!fits) throw new DueChanged(`${reasonOf(cart)} ${ADVICE}`);
  return session;
}

/**
 * Whether a session is for all that is due but taxes that its region does not show by itself: a Medusa makes such sessions, and adds the tax when it completes
 * the cart. Not if a gift card changed since, for then the amount may fit by chance.
 */
function lacksTaxOnly({ region, gift_cards }: Cart, { amount, updated_at }: Session, shown: number): boolean {
  return !region.automatic_taxes && amount === shown && gift_cards.every((card) => card.updated_at <= updated_at);
}

const ADVICE = "Create payment sessions again to go on with what is now due.";

/** A card that has nothing left is disabled. */
function mustStillCover(cart: Cart): void {
  if (cart.gift_cards.some(isSpent)) throw new DueChanged(`${reasonOf(cart)} ${ADVICE}`);
}

function isSpent({ is_disabled, balance }: { readonly is_disabled: boolean; readonly balance: number }): boolean {
  return is_disabled || balance === 0;
}

function reasonOf(cart: Cart): string {
  return cart.gift_cards.length > 0
    ? "A gift card no longer covers what it did in this cart."
    : "More is due than the payment session is for.";
}

/**
 * What was authorized is what is due, or nothing is sold.
 * @throws DueChanged
 */
export function mustStillBeDue(cart: Cart, due: number, amount: number): void {
  if (Math.max(due, 0) !== amount) throw new DueChanged(`${due > amount ? reasonOf(cart) : "The cart was changed."} ${ADVICE}`);
}

const BECAME = {
  hold: "The payment was cancelled.",
  money: "The payment was refunded.",
  nothing: "The payment was cancelled.",
  later: "The payment will be given back.",
} as const;

/** A refusal that says, too, what became of what was paid; `later` while it could not be given back yet. */
export function sayingWhatBecame<E extends ShopError>(refusal: E, what: keyof typeof BECAME): E {
  refusal.message = `${refusal.message.replace(/\.$/, "")}. ${BECAME[what]}`;
  return refusal;
}
