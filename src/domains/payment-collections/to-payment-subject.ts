import type { PaymentSubject } from "../payments/payment-gateway.ts";
import type { Payer } from "../payments/provider-customers.ts";
import type { PaymentCollection } from "./lock-collection.ts";

/** Returns what payment providers are told about a collection, and its payer's e-mail if known. */
export function toPaymentSubject(
  { id, currency_code }: PaymentCollection,
  payer: Payer | undefined,
): PaymentSubject {
  return {
    resource_id: id,
    currency_code,
    email: payer?.email ?? null,
    billing_address: null,
    context: {},
  };
}
