import {
  type FakeStripe,
  startFakeStripe,
  stripeKeys,
} from "../../test/support/fake-stripe/fake-stripe.ts";
import type { StripeFailure } from "../../test/support/fake-stripe/stripe-failures.ts";
import type { SeededRandom } from "./seeded-random.ts";

/**
 * Starts a server that speaks Stripe's API. It sends its calls to random processes: late, twice, in
 * another order, and again until they are answered.
 */
export async function startChaosStripe(
  random: SeededRandom,
  anyUrl: () => string,
): Promise<FakeStripe> {
  const stripe = await startFakeStripe();
  stripe.webhooks.url = () => `${anyUrl()}/stripe/hooks`;
  stripe.webhooks.delivery = {
    delays: () => Array.from({ length: random.integer(1, 2) }, () => random.integer(1, 600)),
    tries: 60,
    intervalMs: 300,
  };
  return stripe;
}

/** Returns the settings of a shop that pays there. */
export const stripeSettings = ({ url }: FakeStripe) => ({
  STRIPE_API_KEY: stripeKeys.secret,
  STRIPE_WEBHOOK_SECRET: stripeKeys.webhook,
  STRIPE_API_BASE: url,
});

const OPERATIONS: readonly StripeFailure["operation"][] = [
  "intents.create",
  "intents.update",
  "intents.retrieve",
  "intents.retrieve",
  "intents.cancel",
  "refunds.create",
];
const KINDS: readonly StripeFailure["kind"][] = [
  "error",
  "stored_error",
  "error_after_work",
  "rate_limit",
  "drop_response",
  "drop_response",
  "timeout",
  "slow",
  "slow",
  "slow_response",
];

/** Makes a random operation fail, or answer late, once. */
export function injectStripeFailure({ failures }: FakeStripe, random: SeededRandom): void {
  const milliseconds = random.integer(50, random.bool(0.05) ? 6000 : 800);
  failures.add({ operation: random.pick(OPERATIONS), kind: random.pick(KINDS), milliseconds });
}

/** A payment session as a storefront receives it. */
export interface ShownSession {
  readonly id: string;
  readonly provider_id: string;
  readonly data: { readonly id: string; readonly client_secret: string };
}

/**
 * Pays a session in the browser. Some cards are declined, some banks ask the shopper, and some
 * payments are captured at once in the dashboard.
 */
export async function payInBrowser(
  { account, confirm }: FakeStripe,
  { id, client_secret }: ShownSession["data"],
  random: SeededRandom,
): Promise<void> {
  const isRare = random.bool(0.2);
  const rare = random.pick(["pm_card_chargeDeclined", "pm_card_threeDSecureRequired"]);
  await confirm(client_secret, isRare ? rare : "pm_card_visa").catch(() => undefined);
  const status = () => account.intents.get(id)?.status;
  if (status() === "requires_action" && random.bool(0.8)) account.finishAction(id);
  if (status() === "requires_capture" && random.bool(0.2)) account.captureIntent(id, {});
}
