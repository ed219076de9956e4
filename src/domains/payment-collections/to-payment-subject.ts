import type { ProviderCustomer } from "../../providers/parties.ts";
import type { PaymentSubject } from "../payments/payment-gateway.ts";
import type { PaymentCollection } from "./lock-collection.ts";

/** Returns what payment providers are told about a collection, and about its payer if known. */
export function toPaymentSubject(
  { id, currency_code }: PaymentCollection,
  payer: ProviderCustomer | undefined,
): PaymentSubject {
  return {
    resource_id: id,
    currency_code,
    email: payer?.email ?? null,
    customer: payer ?? null,
    billing_address: null,
    context: {},
  };
}
