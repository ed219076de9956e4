import type { PaymentProvider, PaymentStatus } from "../../providers/payment/payment-provider.ts";
import type { Guarded } from "../../providers/provider-kind.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { paymentQuestion, paymentStep } from "../payments/payment-questions.ts";
import type { Claim } from "./claims.ts";

/** What became of a try to pay. */
export interface Paid {
  readonly status: PaymentStatus;
  readonly data: Readonly<Record<string, unknown>>;
}

type Provider = Guarded<PaymentProvider>;

/**
 * Tells the provider what is due and asks it to set that aside; asked again it does nothing twice. A session whose payment was given back begins anew.
 * @throws ProviderFailure · NotAllowed the provider refuses
 */
export async function payCart(provider: Provider, cart: Cart, claim: Claim): Promise<Paid> {
  const session = cart.payment_sessions.find(({ id }) => id === claim.session_id)!;
  const isSpent = session.status === "authorized" || session.status === "canceled";
  const known = isSpent ? { ...session, data: {} } : session;
  const question = paymentQuestion(cart, known, claim.amount, `${claim.attempt}:tell`);
  const { data } = isSpent ? await provider.initiate(question) : await provider.update(question);
  return provider.authorize(paymentStep(cart, claim.amount, data, `${claim.attempt}:authorize`));
}

/**
 * Gives back what was set aside, or taken, in a try to pay; gives what the provider says of it now, undefined when there was nothing to give back.
 * @throws ProviderFailure
 */
export async function giveBack(provider: Provider, cart: Cart, claim: Claim): Promise<Paid["data"] | undefined> {
  const { status, data } = await provider.retrieve({ data: claim.data });
  const step = (name: string) => paymentStep(cart, claim.amount, data, `${claim.attempt}:${name}`);
  if (status === "captured") return (await provider.refund(step("refund"))).data;
  if (status === "authorized") return (await provider.cancel(step("cancel"))).data;
  return undefined;
}
