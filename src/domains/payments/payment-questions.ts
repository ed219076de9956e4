import type { Tree } from "../../graph/entity.ts";
import type { PaymentQuestion, PaymentStep } from "../../providers/payment/payment-provider.ts";
import type { Cart, Session } from "../carts/cart-tree.ts";
import { addressOf, customerOf } from "../carts/provided-taxes.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a provider is asked of a cart's payment that begins, or that follows the cart. */
export function paymentQuestion(cart: Cart, session: Session, amount: number, key: string): PaymentQuestion {
  return {
    resource_id: cart.id,
    amount,
    currency_code: cart.region.currency_code,
    email: cart.email,
    customer: customerOf(cart.customer as Tree | null),
    billing_address: addressOf(cart.billing_address as Tree | null),
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
