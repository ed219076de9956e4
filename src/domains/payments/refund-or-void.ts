import type {
  PaymentProvider,
  PaymentStep,
  RetrievedPayment,
} from "../../providers/payment/payment-provider.ts";
import type { WrappedProvider } from "../../providers/provider-kind.ts";

type Provider = WrappedProvider<PaymentProvider>;
type Data = PaymentStep["data"];

/** A payment that is to be given back. */
export interface PaymentToRelease {
  /** The cart's id, or the payment collection's. */
  readonly resourceId: string;
  /** What was asked for last, in the smallest unit. */
  readonly amount: number;
  readonly currencyCode: string;
  readonly data: Data;
  /** Begins the idempotency keys. */
  readonly attempt: string;
  /** Whether its provider may know nothing of it any more. */
  readonly mayBeGone: boolean;
  /** Done before it is given up, for its provider may know nothing of it afterwards. */
  readonly recordDeletion: () => Promise<unknown>;
}

/** How a payment was given back. */
export interface ReleasedPayment {
  /** `nothing` was set aside; what had begun cannot be authorized any more. */
  readonly what: "hold" | "money" | "nothing";
  /** So much, in the smallest unit of the currency. */
  readonly amount: number;
  readonly data: Data;
}

/**
 * Gives a payment back: what was set aside is let go, what was taken is refunded, and what is
 * undecided is given up, so that a question that is still on its way sets nothing aside afterwards.
 * @throws ProviderFailure
 */
export async function refundOrVoid(
  provider: Provider,
  payment: PaymentToRelease,
): Promise<ReleasedPayment> {
  if (Object.keys(payment.data).length === 0)
    return { what: "nothing", amount: 0, data: payment.data };
  const { status, data, amount = payment.amount } = await retrieveOrDelete(provider, payment);
  const step = (name: string): PaymentStep => ({
    resource_id: payment.resourceId,
    amount,
    currency_code: payment.currencyCode,
    context: {},
    data,
    idempotency_key: `${payment.attempt}:${name}`,
  });
  if (status === "captured")
    return { what: "money", amount, data: (await provider.refund(step("refund"))).data };
  if (status === "authorized")
    return { what: "hold", amount, data: (await provider.cancel(step("cancel"))).data };
  if (status !== "canceled") {
    await payment.recordDeletion();
    await provider.delete({ data });
  }
  return { what: "nothing", amount: 0, data };
}

/**
 * What was given up, and whose answer got lost, is given up again: a payment that is set aside a
 * provider does not give up.
 */
async function retrieveOrDelete(
  provider: Provider,
  { data, mayBeGone }: PaymentToRelease,
): Promise<RetrievedPayment> {
  try {
    return await provider.retrieve({ data });
  } catch (failure) {
    if (!mayBeGone) throw failure;
    await provider.delete({ data });
    return { status: "canceled", data };
  }
}
