import type { CheckoutLease } from "../payments/attempts/checkout-leases.ts";
import type { PaymentAttempt } from "../payments/attempts/payment-attempt.ts";
import type { AuthorizedPayment } from "../payments/payment-queries.ts";

/** Returns the payment attempt that a lease records. */
export function toPaymentAttempt(lease: CheckoutLease): PaymentAttempt {
  return {
    resourceId: lease.cart_id,
    attempt: lease.attempt!,
    amount: lease.amount,
    currencyCode: lease.currency_code!,
    data: lease.data,
  };
}

/** Returns the payment that a lease records, authorized with the provider's answer. */
export function toAuthorizedPayment(
  lease: CheckoutLease,
  data: AuthorizedPayment["data"],
): AuthorizedPayment {
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
