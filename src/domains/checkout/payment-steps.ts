import type { Knex } from "knex";
import { NotAllowedError, UnavailableError } from "../../core/errors.ts";
import type { PaymentProvider } from "../../providers/payment/payment-provider.ts";
import type { WrappedProvider } from "../../providers/provider-kind.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { toPaymentSubject } from "../carts/to-payment-subject.ts";
import { authorizePayment, type PaymentResult } from "../payments/attempts/authorize-payment.ts";
import { type CheckoutLease, checkoutLeases } from "../payments/attempts/checkout-leases.ts";
import { endLease, recordStep } from "../payments/attempts/lease-queries.ts";
import { toPaymentStep } from "../payments/attempts/payment-attempt.ts";
import { toPaymentQuestion } from "../payments/payment-gateway.ts";
import { needsInitiation, type PaymentSession } from "../payments/payment-session-queries.ts";
import { toPaymentAttempt } from "./lease-payments.ts";

type Provider = WrappedProvider<PaymentProvider>;
type Data = Readonly<Record<string, unknown>>;

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
  // A pure provider holds nothing, and may be asked again from the beginning.
  if (provider.pure) return authorize(provider, { lease: { ...lease, data }, cart });
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

/** Authorizes what is due. */
function authorize(provider: Provider, { lease, cart }: LeasedCart): Promise<PaymentResult> {
  const { context } = toPaymentSubject(cart);
  return authorizePayment(provider, toPaymentStep(toPaymentAttempt(lease), "authorize", context));
}
