import type { PaymentQuestion, PaymentStep } from "../../providers/payment/payment-provider.ts";
import { toProviderAddress } from "../../providers/to-provider-address.ts";
import { toProviderCustomer } from "../../providers/to-provider-customer.ts";
import type { Cart } from "../carts/cart-tree.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a provider is asked of a cart's payment that begins, or that follows the cart. */
export function paymentQuestion(
  cart: Cart,
  session: PaymentSession,
  amount: number,
  key: string,
): PaymentQuestion {
  return {
    resource_id: cart.id,
    amount,
    currency_code: cart.region.currency_code,
    email: cart.email,
    customer: toProviderCustomer(cart.customer),
    billing_address: toProviderAddress(cart.billing_address),
    context: (cart.context ?? {}) as Json,
    data: (session.data ?? {}) as Json,
    idempotency_key: key,
  };
}

/** A step of a cart's payment that has begun. */
export function paymentStep(cart: Cart, amount: number, data: unknown, key: string): PaymentStep {
  return {
    resource_id: cart.id,
    amount,
    currency_code: cart.region.currency_code,
    context: (cart.context ?? {}) as Json,
    data: (data ?? {}) as Json,
    idempotency_key: key,
  };
}
