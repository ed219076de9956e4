import type Stripe from "stripe";
import type { PaymentState, PaymentStatus, RetrievedPayment } from "../payment-provider.ts";

const STATES: Readonly<Record<Stripe.PaymentIntent.Status, PaymentState>> = {
  requires_payment_method: "pending",
  requires_confirmation: "pending",
  processing: "pending",
  requires_action: "requires_more",
  requires_capture: "authorized",
  succeeded: "captured",
  canceled: "canceled",
};

/**
 * Returns the state of a payment and the amount that Stripe holds or has kept, in the currency's
 * smallest unit. What was captured and refunded in full is canceled: nothing of it is left.
 */
export function stateOfIntent(intent: Stripe.PaymentIntent): RetrievedPayment {
  const data = dataOfIntent(intent);
  const status = STATES[intent.status] ?? "pending";
  if (status === "authorized") return { status, data, amount: intent.amount_capturable };
  if (status !== "captured") return { status, data };
  const amount = intent.amount_received - refundedOf(intent);
  return amount > 0 ? { status, data, amount } : { status: "canceled", data };
}

/**
 * Returns what of a captured payment was refunded. What a partial capture has left out goes back by
 * itself, and Stripe counts that as refunded, too.
 */
function refundedOf({ latest_charge: charge, amount_received }: Stripe.PaymentIntent): number {
  if (charge === null || typeof charge !== "object") return 0;
  const { amount, amount_captured, amount_refunded, refunded } = charge;
  if (refunded) return amount_received;
  const leftOut = amount - amount_captured;
  return amount_refunded >= leftOut ? amount_refunded - leftOut : amount_refunded;
}

/**
 * Returns whether an intent pays an amount. What was confirmed for another amount does not: it is
 * an `error`, and the shop voids or refunds it.
 */
export function authorizationOfIntent(
  intent: Stripe.PaymentIntent,
  amount: number,
): { status: PaymentStatus; data: Record<string, unknown> } {
  const state = stateOfIntent(intent);
  const data = dataOfIntent(intent);
  if (state.status !== "authorized" && state.status !== "captured")
    return { status: state.status, data };
  return { status: state.amount === amount ? "authorized" : "error", data };
}

/** Returns an intent as it is kept in the session: as Stripe sends it, nothing expanded. */
export function dataOfIntent(intent: Stripe.PaymentIntent): Record<string, unknown> {
  const { latest_charge: charge } = intent;
  const data: Record<string, unknown> = { ...intent };
  if (charge !== null && typeof charge === "object") data["latest_charge"] = charge.id;
  return data;
}
