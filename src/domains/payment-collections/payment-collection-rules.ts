import { InvalidDataError, NotAllowedError, NotFoundError } from "../../core/errors.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import type { PaymentCollection } from "./lock-collection.ts";
import type { SessionWish } from "./payment-collection-schemas.ts";

/**
 * Sessions are set before anything is authorized.
 * @throws NotAllowed
 */
export function mustBeUnpaid({ status }: PaymentCollection): void {
  if (status !== "not_paid")
    throw new NotAllowedError(
      `Cannot set payment sessions for a payment collection with status ${status}`,
    );
}

/**
 * The wishes that the region's providers can fulfil.
 * @throws InvalidData together they are not the amount, one is below zero, or two name one session
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

/** @throws InvalidData */
export function mustHaveProvider({ region }: PaymentCollection, providerId: string): void {
  if (!region?.payment_providers.some(({ id }) => id === providerId))
    throw new InvalidDataError("Payment provider not found");
}

/**
 * A session is reached by way of its own collection.
 * @throws NotFound it is no collection's · NotAllowed it is another's
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
 * The session of a collection that may begin anew.
 * @throws NotAllowed it was taken away meanwhile, or it is authorized, and the customer would pay
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
