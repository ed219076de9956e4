import type { Knex } from "knex";
import { NotAllowedError, UnavailableError } from "../../core/errors.ts";
import type { PaymentProvider, PaymentStatus } from "../../providers/payment/payment-provider.ts";
import type { WrappedProvider } from "../../providers/provider-kind.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { toPaymentSubject } from "../payment-sessions/to-payment-subject.ts";
import { type CheckoutLease, checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import { endLease, recordStep } from "../payments/attempts/lease-queries.ts";
import { toPaymentStep } from "../payments/attempts/payment-attempt.ts";
import { toPaymentQuestion } from "../payments/payment-gateway.ts";
import { needsInitiation, type PaymentSession } from "../payments/payment-session-queries.ts";
import { toPaymentAttempt } from "./lease-payments.ts";

type Provider = WrappedProvider<PaymentProvider>;
type Data = Readonly<Record<string, unknown>>;

/** The result of a payment attempt. */
export interface PaymentResult {
  readonly status: PaymentStatus;
  readonly data: Data;
  /**
   * The payment is not authorized, but the provider holds money for the cart. This happens when the
   * shopper confirmed another amount.
   */
  readonly holdsFunds?: boolean;
  /** The provider's refusal, in its own words. */
  readonly refusal?: NotAllowedError;
}

interface LeasedCart {
  readonly lease: CheckoutLease;
  readonly cart: Cart;
}

/**
 * Pays for a cart under a lease; resumes at the step that is recorded. Nothing is locked while the
 * provider works. An answer that is lost leaves the attempt recorded: the same question returns it.
 * Returns undefined where nothing is due.
 * @throws ProviderError
 * @throws NotAllowedError if the provider refuses
 * @throws LeaseLostError
 * @throws UnavailableError if this server does not have the provider of an interrupted payment
 */
export async function pay(
  { database, providers }: { readonly database: Knex; readonly providers: Providers },
  { lease, cart }: LeasedCart,
): Promise<PaymentResult | undefined> {
  if (lease.attempt === null) return;
  if (lease.payment_id !== null) return { status: "authorized", data: lease.data };
  const provider = requirePaymentProvider(providers, lease);
  if (lease.state === "authorizing") return authorize(provider, { lease, cart });
  const data = await syncAmount(provider, { lease, cart }).catch(async (error: unknown) => {
    // A refused initiate or update holds no funds, so there is nothing to void.
    if (error instanceof NotAllowedError) await endLease(database, checkoutLeases, lease);
    throw error;
  });
  const step = { state: "authorizing", data } as const;
  const recorded = await recordStep(database, checkoutLeases, lease, step);
  return authorize(provider, { lease: recorded, cart });
}

/**
 * Returns the provider of a payment attempt.
 * @throws UnavailableError if this server does not have the provider, with which another server of
 * the shop started the payment
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

/** Returns what a provider remembers of a session: nothing where it must be initiated. */
export function providerDataOf(session: PaymentSession): Data {
  return needsInitiation(session) ? {} : ((session.data ?? {}) as Data);
}

/** Tells the provider what is due: initiates a payment that it does not know, or updates one. */
async function syncAmount(provider: Provider, { lease, cart }: LeasedCart): Promise<Data> {
  const session = cart.payment_sessions.find(({ id }) => id === lease.session_id)!;
  const data = providerDataOf(session);
  const key = `${lease.attempt}:tell`;
  // Whoever completes the cart need not be its customer, and a worker may repeat the question: the
  // payment stays whose it was when its session was created.
  const subject = { ...toPaymentSubject(cart), customer: null };
  const question = toPaymentQuestion(subject, { amount: lease.amount, data, key });
  const isNew = Object.keys(data).length === 0;
  return (isNew ? await provider.initiate(question) : await provider.update(question)).data;
}

/**
 * Authorizes what is due. The same attempt is never authorized twice. After a decline the provider
 * is asked whether it holds the money all the same.
 */
async function authorize(provider: Provider, leased: LeasedCart): Promise<PaymentResult> {
  const answer = await requestAuthorization(provider, leased);
  if (answer.status !== "error" && answer.status !== "canceled") return answer;
  const { status, data } = await provider.retrieve({ data: answer.data });
  return status === "authorized" || status === "captured"
    ? { ...answer, data, holdsFunds: true }
    : answer;
}

async function requestAuthorization(
  provider: Provider,
  { lease, cart }: LeasedCart,
): Promise<PaymentResult> {
  const { context } = toPaymentSubject(cart);
  try {
    return await provider.authorize(toPaymentStep(toPaymentAttempt(lease), "authorize", context));
  } catch (refusal) {
    if (!(refusal instanceof NotAllowedError)) throw refusal;
    return { status: "error", data: lease.data, refusal };
  }
}
