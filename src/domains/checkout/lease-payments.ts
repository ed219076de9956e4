import type { AuthorizedPayment } from "../payments/payment-queries.ts";
import type { PaymentToRelease } from "../payments/refund-or-void.ts";
import { type CheckoutLease, MAX_TRIES } from "./checkout-lease.ts";
import type { PaymentResult } from "./payment-steps.ts";

/** Its provider may know nothing more of a payment that was given up, or whose session was, and whose answer got lost. */
export function paymentToRelease(
  lease: CheckoutLease,
  recordDeletion: PaymentToRelease["recordDeletion"],
): PaymentToRelease {
  return {
    resourceId: lease.cart_id,
    amount: lease.amount,
    currencyCode: lease.currency_code!,
    data: lease.data,
    attempt: lease.attempt!,
    mayBeGone: lease.state === "deleting" || lease.tries >= MAX_TRIES,
    recordDeletion,
  };
}

export function paymentOf(lease: CheckoutLease, data: PaymentResult["data"]): AuthorizedPayment {
  return {
    cartId: lease.cart_id,
    sessionId: lease.session_id,
    paymentId: lease.payment_id,
    providerId: lease.provider_id!,
    amount: lease.amount,
    currencyCode: lease.currency_code!,
    data,
  };
}
