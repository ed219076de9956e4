import { NotAllowedError } from "../../../core/errors.ts";
import type {
  PaymentProvider,
  PaymentStatus,
  PaymentStep,
} from "../../../providers/payment/payment-provider.ts";
import type { WrappedProvider } from "../../../providers/provider-kind.ts";

/** The result of a payment attempt. */
export interface PaymentResult {
  readonly status: PaymentStatus;
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * The payment is not authorized, but the provider holds money. This happens when the shopper
   * confirmed another amount.
   */
  readonly holdsFunds?: boolean;
  /** The provider's refusal, in its own words. */
  readonly refusal?: NotAllowedError;
}

/**
 * Authorizes a payment. The same attempt is never authorized twice. After a decline the provider is
 * asked whether it holds the money all the same.
 * @throws ProviderError
 */
export async function authorizePayment(
  provider: WrappedProvider<PaymentProvider>,
  step: PaymentStep,
): Promise<PaymentResult> {
  const answer = await requestAuthorization(provider, step);
  if (answer.status !== "error" && answer.status !== "canceled") return answer;
  const { status, data } = await provider.retrieve({ data: answer.data });
  return status === "authorized" || status === "captured"
    ? { ...answer, data, holdsFunds: true }
    : answer;
}

async function requestAuthorization(
  provider: WrappedProvider<PaymentProvider>,
  step: PaymentStep,
): Promise<PaymentResult> {
  try {
    return await provider.authorize(step);
  } catch (refusal) {
    if (!(refusal instanceof NotAllowedError)) throw refusal;
    return { status: "error", data: step.data, refusal };
  }
}
