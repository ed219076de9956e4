import { NotAllowed, Unavailable } from "../../errors.ts";
import type { PaymentProvider, PaymentStatus } from "../../providers/payment/payment-provider.ts";
import type { Guarded } from "../../providers/provider-kind.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Cart, Session } from "../carts/cart-tree.ts";
import { paymentQuestion, paymentStep } from "../payments/payment-questions.ts";
import { isSpent } from "../payments/session-rows.ts";
import type { Claim } from "./claims.ts";

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
