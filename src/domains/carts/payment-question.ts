import { isDeepStrictEqual } from "node:util";
import type { PaymentQuestion } from "../../providers/payment/payment-provider.ts";
import type { Providers } from "../../providers/providers.ts";
import { fingerprintOf } from "../payments/attempts/queue-session-releases.ts";
import { toPaymentQuestion } from "../payments/payment-gateway.ts";
import {
  type DraftSession,
  needsInitiation,
  type PaymentSession,
} from "../payments/payment-session-queries.ts";
import type { Cart } from "./cart-tree.ts";
import { toPaymentSubject } from "./to-payment-subject.ts";

/**
 * Returns what a provider is asked about a stored session of a cart. The key stays the same as long
 * as the stored session and the question do. `customer` is null for anyone but the logged-in
 * customer whose cart it is; the payment then stays whose it was.
 */
export function paymentQuestionOf(
  cart: Cart,
  session: PaymentSession,
  customer: PaymentQuestion["customer"],
): PaymentQuestion {
  const data = needsInitiation(session) ? {} : ((session.data ?? {}) as PaymentQuestion["data"]);
  const subject = { ...toPaymentSubject(cart), customer };
  const question = toPaymentQuestion(subject, { amount: session.amount ?? 0, data, key: "" });
  const key = `${session.id}:${session.updated_at}:${fingerprintOf(question)}`;
  return { ...question, idempotency_key: key };
}

/**
 * Whether a session's provider answers over the network. One that only another server of the shop
 * has may do so.
 */
export function isOfRemoteProvider({ payment }: Providers, { provider_id }: DraftSession): boolean {
  return !payment.has(provider_id) || !payment.get(provider_id).pure;
}

/** Whether a remote provider knows the payment of a session, and must hear what it is to pay. */
export function isInitiatedRemotely(providers: Providers, session: DraftSession): boolean {
  return !needsInitiation(session) && isOfRemoteProvider(providers, session);
}

/** Whether a cart has a session that is shown as not followed. */
export function mayBeUnfollowed(providers: Providers, cart: Cart): boolean {
  if (cart.completed_at) return false;
  return cart.payment_sessions.some(
    (session) =>
      session.status === "error" &&
      (session.is_initiated || session.is_selected === true) &&
      isOfRemoteProvider(providers, session),
  );
}

/** A cart after a change, and which of its sessions must be followed because of it. */
interface MarkedCart {
  readonly cart: Cart;
  readonly unfollowed: readonly string[];
}

/**
 * Finds the sessions whose provider would be asked something else after a change, and shows them as
 * `error` until it has answered.
 */
export function withUnfollowed(providers: Providers, before: Cart, after: Cart): MarkedCart {
  if (after.completed_at) return { cart: after, unfollowed: [] };
  const former = new Map(before.payment_sessions.map((session) => [session.id, session]));
  const isUnfollowed = (session: PaymentSession) => {
    const was = former.get(session.id);
    return (
      was !== undefined &&
      isInitiatedRemotely(providers, session) &&
      !isDeepStrictEqual(subjectOf(before, was), subjectOf(after, session))
    );
  };
  const unfollowed = after.payment_sessions.filter(isUnfollowed).map(({ id }) => id);
  if (unfollowed.length === 0) return { cart: after, unfollowed };
  const payment_sessions = after.payment_sessions.map((session) =>
    unfollowed.includes(session.id) ? { ...session, status: "error" as const } : session,
  );
  return { cart: { ...after, payment_sessions }, unfollowed };
}

function subjectOf(cart: Cart, session: PaymentSession) {
  return [session.amount, cart.customer_id, toPaymentSubject(cart)];
}
