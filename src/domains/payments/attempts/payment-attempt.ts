import type { PaymentStep } from "../../../providers/payment/payment-provider.ts";

/** One try to pay, as its provider is asked about it. */
export interface PaymentAttempt {
  /** The cart's id, or the payment collection's. */
  readonly resourceId: string;
  /** Prefix of the idempotency keys. */
  readonly attempt: string;
  /** The amount that was last sent to the provider, in the smallest unit of the currency. */
  readonly amount: number;
  readonly currencyCode: string;
  /** The provider's last answer. */
  readonly data: PaymentStep["data"];
}

/** Returns the question of a step. The same step of the same attempt has the same key. */
export function toPaymentStep(
  { resourceId, attempt, amount, currencyCode, data }: PaymentAttempt,
  name: "authorize" | "cancel" | "refund",
  context: PaymentStep["context"] = {},
): PaymentStep {
  return {
    resource_id: resourceId,
    amount,
    currency_code: currencyCode,
    context,
    data,
    idempotency_key: `${attempt}:${name}`,
  };
}
