import { NotAllowed, Unavailable } from "../../errors.ts";
import type { PaymentProvider, PaymentStanding, PaymentStatus } from "../../providers/payment/payment-provider.ts";
import type { Guarded } from "../../providers/provider-kind.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Cart, Session } from "../carts/cart-tree.ts";
import { paymentQuestion, paymentStep } from "../payments/payment-questions.ts";
import { isSpent } from "../payments/session-rows.ts";
import { type Claim, MOST_TRIES } from "./claims.ts";

type Provider = Guarded<PaymentProvider>;
type Data = Readonly<Record<string, unknown>>;

/** What became of a try to pay. */
export interface Paid {
  readonly status: PaymentStatus;
  readonly data: Data;
  /** It is not authorized, and yet the provider holds money for the cart, as when the shopper confirmed another amount. */
  readonly isHeld?: boolean;
  /** The provider's no, in its own words. */
  readonly refusal?: NotAllowed;
}

/** @throws Unavailable another server of the shop began a payment with a provider that this one does not have */
export function providerOf({ payment }: Providers, { provider_id }: Claim): Provider {
  if (provider_id !== null && payment.has(provider_id)) return payment.get(provider_id);
  throw new Unavailable(`The payment provider ${provider_id} is not available at the moment. Try again shortly.`);
}

/** What a provider remembers of a session; nothing when it begins anew. */
export function knownOf(session: Session): Data {
  return isSpent(session) ? {} : ((session.data ?? {}) as Data);
}

/**
 * Step "tell": the provider hears what is due; gives what it says to that. A payment that it knows nothing of begins.
 * @throws ProviderFailure · NotAllowed the provider refuses
 */
export async function tell(provider: Provider, cart: Cart, claim: Claim): Promise<Data> {
  const session = cart.payment_sessions.find(({ id }) => id === claim.session_id)!;
  const data = knownOf(session);
  const question = paymentQuestion(cart, { ...session, data }, claim.amount, `${claim.attempt}:tell`);
  const isNew = Object.keys(data).length === 0;
  return (isNew ? await provider.initiate(question) : await provider.update(question)).data;
}

/**
 * Step "authorize": the provider sets aside what is due; asked again it does nothing twice. After a no it is asked how the payment stands.
 * @throws ProviderFailure
 */
export async function authorize(provider: Provider, cart: Cart, claim: Claim): Promise<Paid> {
  const answer = await answerOf(provider, cart, claim);
  if (answer.status !== "error" && answer.status !== "canceled") return answer;
  const { status, data } = await provider.retrieve({ data: answer.data });
  return status === "authorized" || status === "captured" ? { ...answer, data, isHeld: true } : answer;
}

async function answerOf(provider: Provider, cart: Cart, claim: Claim): Promise<Paid> {
  try {
    return await provider.authorize(paymentStep(cart, claim.amount, claim.data, `${claim.attempt}:authorize`));
  } catch (refusal) {
    if (!(refusal instanceof NotAllowed)) throw refusal;
    return { status: "error", data: claim.data, refusal };
  }
}

/** How a payment was given back. */
export interface GivenBack {
  /** `nothing` was set aside; what had begun cannot be authorized any more. */
  readonly what: "hold" | "money" | "nothing";
  /** So much, in the smallest unit of the currency. */
  readonly amount: number;
  readonly data: Data;
}

/**
 * Step "give back": what was set aside is let go, what was taken is refunded, and what is undecided is given up, so that a question that is still on its way
 * sets nothing aside afterwards. `noteGivingUp` is done before a payment is given up, for its provider may know nothing of it afterwards.
 * @throws ProviderFailure
 */
export async function giveBack(provider: Provider, claim: Claim, noteGivingUp: () => Promise<unknown>): Promise<GivenBack> {
  const { data: known, amount: asked } = claim;
  if (Object.keys(known).length === 0) return { what: "nothing", amount: 0, data: known };
  const { status, data, amount = asked } = await standingOf(provider, claim);
  const step = (name: string) => ({
    resource_id: claim.cart_id,
    amount,
    currency_code: claim.currency_code!,
    context: {},
    data,
    idempotency_key: `${claim.attempt}:${name}`,
  });
  if (status === "captured") return { what: "money", amount, data: (await provider.refund(step("refund"))).data };
  if (status === "authorized") return { what: "hold", amount, data: (await provider.cancel(step("cancel"))).data };
  if (status !== "canceled") {
    await noteGivingUp();
    await provider.delete({ data });
  }
  return { what: "nothing", amount: 0, data };
}

/**
 * What was given up cannot be looked up any more, by a completion or with its session; where that answer got lost, giving it up again is done already. A payment
 * that is set aside a provider does not give up.
 */
async function standingOf(provider: Provider, { state, data, tries }: Claim): Promise<PaymentStanding> {
  try {
    return await provider.retrieve({ data });
  } catch (failure) {
    if (state !== "deleting" && tries < MOST_TRIES) throw failure;
    await provider.delete({ data });
    return { status: "canceled", data };
  }
}
