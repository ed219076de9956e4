import type Stripe from "stripe";
import type { StripeSettings } from "../../../config/stripe-settings.ts";
import { RefusalError } from "../../refusal-error.ts";
import type { WebhookCall, WebhookEvent } from "../payment-provider.ts";
import { providerIdOf } from "./stripe-methods.ts";

/** How old a call of Stripe's may be, in seconds: what Stripe recommends. */
const TOLERANCE_SECONDS = 300;

const EVENTS: Readonly<Record<string, "authorized" | "captured" | "failed">> = {
  "payment_intent.amount_capturable_updated": "authorized",
  "payment_intent.succeeded": "captured",
  "payment_intent.payment_failed": "failed",
  "payment_intent.canceled": "failed",
};

/**
 * Reads a call of Stripe's servers. Intents that no cart and no payment collection began are
 * ignored: other programs may use the same account.
 * @throws RefusalError if the signature is missing, wrong or too old
 */
export async function readStripeEvent(
  stripe: Stripe,
  { webhookSecret }: StripeSettings,
  { headers, body }: WebhookCall,
): Promise<WebhookEvent> {
  if (webhookSecret === undefined)
    throw new RefusalError("STRIPE_WEBHOOK_SECRET is not set, so Stripe's calls are not accepted");
  const event = await verify(stripe, webhookSecret, { headers, body });
  const name = EVENTS[event.type];
  if (!name) return { event: "ignored" };
  const intent = event.data.object as Stripe.PaymentIntent;
  const { resource_id, cart_id } = intent.metadata ?? {};
  const resourceId = resource_id ?? cart_id;
  if (!resourceId) return { event: "ignored" };
  return {
    event: name,
    resource_id: resourceId,
    provider_id: providerIdOf(intent),
    data: { id: intent.id },
  };
}

async function verify(
  stripe: Stripe,
  secret: string,
  { headers, body }: WebhookCall,
): Promise<Stripe.Event> {
  const signature = headers["stripe-signature"] ?? "";
  try {
    return await stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE_SECONDS);
  } catch (error) {
    if ((error as { type?: string }).type !== "StripeSignatureVerificationError") throw error;
    throw new RefusalError("The signature of the call is missing, wrong or too old");
  }
}
