import type {
  PaymentProvider,
  RetrievedPayment,
} from "../../../providers/payment/payment-provider.ts";
import type { WrappedProvider } from "../../../providers/provider-kind.ts";
import type { Log } from "../../../runtime/log.ts";
import { type PaymentAttempt, toPaymentStep } from "./payment-attempt.ts";

type Provider = WrappedProvider<PaymentProvider>;

/** A payment that must be refunded or voided. */
export interface PaymentToRelease extends PaymentAttempt {
  /** Whether its provider may no longer know it. */
  readonly mayBeGone: boolean;
  /** Runs before the payment is deleted, because its provider may not know it afterwards. */
  readonly recordDeletion: () => Promise<unknown>;
}

/** What became of a payment that was released. */
export interface ReleasedPayment {
  /** `none`: the provider held nothing, and can no longer authorize the payment. */
  readonly outcome: "voided" | "refunded" | "none";
  /** What was voided or refunded, in the smallest unit of the currency. */
  readonly amount: number;
  readonly data: PaymentAttempt["data"];
}

/**
 * Refunds or voids a payment, then runs `settle`, which records that. Logs a failure of either.
 * @throws ProviderError
 * @throws what `settle` throws
 */
export async function releasePayment(
  log: Log,
  provider: Provider,
  payment: PaymentToRelease,
  settle: (released: ReleasedPayment) => Promise<void>,
): Promise<ReleasedPayment> {
  try {
    const released = await refundOrVoid(provider, payment);
    await settle(released);
    return released;
  } catch (error) {
    const { resourceId: resource, attempt } = payment;
    log.warn(
      { event: "payment_release_failed", provider: provider.id, resource, attempt, err: error },
      "A payment could not be refunded or voided; it will be retried",
    );
    throw error;
  }
}

/**
 * Releases a payment as its state requires: refunds what was captured, voids what was authorized,
 * and deletes what is undecided, so that a question still on its way cannot authorize it later.
 */
async function refundOrVoid(
  provider: Provider,
  payment: PaymentToRelease,
): Promise<ReleasedPayment> {
  if (Object.keys(payment.data).length === 0)
    return { outcome: "none", amount: 0, data: payment.data };
  const { status, data, amount = payment.amount } = await retrieveOrDelete(provider, payment);
  const current = { ...payment, amount, data };
  if (status === "captured") {
    const refunded = await provider.refund(toPaymentStep(current, "refund"));
    return { outcome: "refunded", amount, data: refunded.data };
  }
  if (status === "authorized") {
    const voided = await provider.cancel(toPaymentStep(current, "cancel"));
    return { outcome: "voided", amount, data: voided.data };
  }
  if (status !== "canceled") {
    await payment.recordDeletion();
    await provider.delete({ data });
  }
  return { outcome: "none", amount: 0, data };
}

/**
 * Deletes again what was deleted while the answer was lost. A provider does not delete a payment
 * that is authorized.
 */
async function retrieveOrDelete(
  provider: Provider,
  { data, mayBeGone }: PaymentToRelease,
): Promise<RetrievedPayment> {
  try {
    return await provider.retrieve({ data });
  } catch (error) {
    if (!mayBeGone) throw error;
    await provider.delete({ data });
    return { status: "canceled", data };
  }
}
