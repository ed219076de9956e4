import { InvalidDataError, NotAllowedError, NotFoundError } from "../../core/errors.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import type { CollectionOwner, PaymentCollection } from "./lock-collection.ts";
import type { SessionWish } from "./payment-collection-schemas.ts";

/** Whether a collection's order edit no longer waits to be paid, or not yet. */
export function isClosed({ owner }: Pick<PaymentCollection, "owner">): boolean {
  return owner !== undefined && (owner.edit_status !== "requested" || isCanceled(owner));
}

function isCanceled({ order_status }: CollectionOwner): boolean {
  return order_status === "canceled";
}

/**
 * Checks that the order edit of a collection waits to be paid.
 * @throws NotAllowedError
 */
export function mustBeOpenForPayment({ owner }: Pick<PaymentCollection, "owner">): void {
  if (!owner || !isClosed({ owner })) return;
  throw new NotAllowedError(
    isCanceled(owner)
      ? "Cannot pay for an edit of an order that is canceled"
      : `Cannot pay for an order edit with status ${owner.edit_status}`,
  );
}

/**
 * Checks that nothing of a collection is authorized, so that its sessions may be set.
 * @throws NotAllowedError
 */
export function mustBeUnpaid({ status }: PaymentCollection): void {
  if (status !== "not_paid")
    throw new NotAllowedError(
      `Cannot set payment sessions for a payment collection with status ${status}`,
    );
}

/**
 * Checks that no more is authorized than the collection asks for: the shop may have set a lower
 * amount after the sessions.
 * @throws NotAllowedError
 */
export function mustNotExceedAmount(
  { amount, authorized_amount, payment_sessions }: PaymentCollection,
  sessionIds: readonly string[],
): void {
  const wanted = payment_sessions.filter(
    ({ id, payment_authorized_at }) => !payment_authorized_at && sessionIds.includes(id),
  );
  const sum = wanted.reduce((all, session) => all + (session.amount ?? 0), authorized_amount ?? 0);
  if (wanted.length > 0 && amount > 0 && sum > amount)
    throw new NotAllowedError(
      `The payment sessions are for ${sum}, but only ${amount} is due. Set the sessions again`,
    );
}

/**
 * Refuses more sessions than one payment needs: each is a call to its provider.
 * @throws InvalidDataError
 */
export function mustBeFewSessions(wishes: readonly SessionWish[], max: number): void {
  if (wishes.length > max) throw new InvalidDataError(`At most ${max} payment sessions can be set`);
}

/**
 * Returns the wishes whose provider is one of the region's.
 * @throws InvalidDataError if they do not add up to the amount, one is below zero, or two name one
 * session
 */
export function requireFullAmount(
  { amount, region, payment_sessions }: PaymentCollection,
  wishes: readonly SessionWish[],
): SessionWish[] {
  const possible = wishes.filter(({ provider_id }) =>
    region?.payment_providers.some(({ id }) => id === provider_id),
  );
  if (possible.some((wish) => wish.amount < 0))
    throw new InvalidDataError("amount must not be less than 0");
  const named = possible.flatMap(({ session_id }) =>
    payment_sessions.filter(({ id }) => id === session_id),
  );
  if (new Set(named).size < named.length)
    throw new InvalidDataError("A payment session cannot be set twice");
  const sum = possible.reduce((all, wish) => all + wish.amount, 0);
  if (sum !== amount)
    throw new InvalidDataError(
      `The sum of sessions is not equal to ${amount} on Payment Collection`,
    );
  return possible;
}

/** @throws InvalidDataError if the region does not have the provider */
export function mustHaveProvider({ region }: PaymentCollection, providerId: string): void {
  if (!region?.payment_providers.some(({ id }) => id === providerId))
    throw new InvalidDataError("Payment provider not found");
}

/**
 * Checks that a session belongs to the collection.
 * @throws NotFoundError if it belongs to none
 * @throws NotAllowedError if it belongs to another one
 */
export function mustBelong(
  sessionId: string,
  collectionId: string,
  collectionOfSession: string | undefined,
): void {
  if (collectionOfSession === undefined)
    throw new NotFoundError(
      `Payment collection related to Payment Session id ${sessionId} was not found`,
    );
  if (collectionOfSession !== collectionId)
    throw new NotAllowedError(
      `Payment Session ${sessionId} does not belong to Payment Collection ${collectionId}`,
    );
}

/**
 * Returns the session of a collection that is going to be replaced.
 * @throws NotAllowedError if it was deleted meanwhile, or is authorized: the customer would pay
 * twice
 */
export function requireRefreshableSession(
  { payment_sessions }: PaymentCollection,
  sessionId: string,
): PaymentSession {
  const session = payment_sessions.find(({ id }) => id === sessionId);
  if (!session) throw new NotAllowedError(`Session with id ${sessionId} was not found`);
  if (session.payment_authorized_at)
    throw new NotAllowedError(`Payment Session ${sessionId} is authorized already`);
  return session;
}
