import { toProviderAddress } from "../../providers/to-provider-address.ts";
import type { PaymentSubject } from "../payments/payment-gateway.ts";
import type { Cart } from "./cart-tree.ts";

/** Returns what payment providers are told about a cart. */
export function toPaymentSubject(cart: Cart): PaymentSubject {
  return {
    resource_id: cart.id,
    currency_code: cart.region.currency_code,
    email: cart.email,
    billing_address: toProviderAddress(cart.billing_address),
    context: (cart.context ?? {}) as PaymentSubject["context"],
  };
}
