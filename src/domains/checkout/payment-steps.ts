import { NotAllowedError, UnavailableError } from "../../core/errors.ts";
import type { PaymentProvider, PaymentStatus } from "../../providers/payment/payment-provider.ts";
import type { WrappedProvider } from "../../providers/provider-kind.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { paymentQuestion, paymentStep } from "../payment-sessions/payment-questions.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import { needsInitiation } from "../payments/payment-session-queries.ts";
import type { CheckoutLease } from "./checkout-lease.ts";

type Provider = WrappedProvider<PaymentProvider>;
type Data = Readonly<Record<string, unknown>>;

/** What became of a try to pay. */
export interface PaymentResult {
  readonly status: PaymentStatus;
  readonly data: Data;
  /**
   * It is not authorized, and yet the provider holds money for the cart, as when the shopper
   * confirmed another amount.
   */
  readonly holdsFunds?: boolean;
  /** The provider's no, in its own words. */
  readonly refusal?: NotAllowedError;
}

/**
 * @throws Unavailable another server of the shop began a payment with a provider that this one does
 * not have
 */
export function requirePaymentProvider(
  { payment }: Providers,
  { provider_id }: CheckoutLease,
): Provider {
  if (provider_id !== null && payment.has(provider_id)) return payment.get(provider_id);
  throw new UnavailableError(
    `The payment provider ${provider_id} is not available at the moment. Try again shortly.`,
  );
}

/** What a provider remembers of a session; nothing when it begins anew. */
export function providerDataOf(session: PaymentSession): Data {
  return needsInitiation(session) ? {} : ((session.data ?? {}) as Data);
}

/**
 * Step "tell": the provider hears what is due; gives what it says to that. A payment that it knows
 * nothing of begins.
 * @throws ProviderFailure · NotAllowed the provider refuses
 */
export async function syncAmount(
  provider: Provider,
  cart: Cart,
  lease: CheckoutLease,
): Promise<Data> {
  const session = cart.payment_sessions.find(({ id }) => id === lease.session_id)!;
  const data = providerDataOf(session);
  const question = paymentQuestion(
    cart,
    { ...session, data },
    lease.amount,
    `${lease.attempt}:tell`,
  );
  const isNew = Object.keys(data).length === 0;
  return (isNew ? await provider.initiate(question) : await provider.update(question)).data;
}

/**
 * Step "authorize": the provider sets aside what is due; asked again it does nothing twice. After a
 * no it is asked how the payment stands.
 * @throws ProviderFailure
 */
export async function authorize(
  provider: Provider,
  cart: Cart,
  lease: CheckoutLease,
): Promise<PaymentResult> {
  const answer = await requestAuthorization(provider, cart, lease);
  if (answer.status !== "error" && answer.status !== "canceled") return answer;
  const { status, data } = await provider.retrieve({ data: answer.data });
  return status === "authorized" || status === "captured"
    ? { ...answer, data, holdsFunds: true }
    : answer;
}

async function requestAuthorization(
  provider: Provider,
  cart: Cart,
  lease: CheckoutLease,
): Promise<PaymentResult> {
  try {
    return await provider.authorize(
      paymentStep(cart, lease.amount, lease.data, `${lease.attempt}:authorize`),
    );
  } catch (refusal) {
    if (!(refusal instanceof NotAllowedError)) throw refusal;
    return { status: "error", data: lease.data, refusal };
  }
}
