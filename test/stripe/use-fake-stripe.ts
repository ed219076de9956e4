import type { Knex } from "knex";
import { afterAll, afterEach, expect } from "vitest";
import { arrangeStripe, type StripeSettings } from "../../src/config/stripe-settings.ts";
import type { PaymentProvider } from "../../src/providers/payment/payment-provider.ts";
import { stripeProviders } from "../../src/providers/payment/stripe/stripe-providers.ts";
import {
  type FakeStripe,
  startFakeStripe,
  stripeKeys,
} from "../support/fake-stripe/fake-stripe.ts";
import { findStripeErrors } from "../support/find-stripe-errors.ts";
import { openServers, type Servers } from "../support/open-servers.ts";

/** How long the shop waits for an answer. */
const SECONDS = 2;

/**
 * Starts a server that speaks Stripe's API for the tests of a file, and returns it with the
 * providers that pay there.
 */
export async function useFakeStripe(
  settings: Partial<StripeSettings> = {},
): Promise<{ stripe: FakeStripe; payment: PaymentProvider[] }> {
  const stripe = await startFakeStripe();
  afterAll(() => stripe.close());
  const account = arrangeStripe({
    STRIPE_API_KEY: stripeKeys.secret,
    STRIPE_WEBHOOK_SECRET: stripeKeys.webhook,
    STRIPE_CAPTURE: "manual",
    STRIPE_AUTOMATIC_PAYMENT_METHODS: false,
    STRIPE_DESCRIPTION: undefined,
    STRIPE_API_BASE: stripe.url,
  })!;
  return { stripe, payment: stripeProviders({ ...account, ...settings }, SECONDS) };
}

/** Opens several processes of one shop that pays by Stripe, for the tests of a file. */
export async function openStripeServers(
  settings: Readonly<Record<string, string>> = {},
): Promise<{ stripe: FakeStripe; servers: Servers }> {
  const stripe = await startFakeStripe();
  afterAll(() => stripe.close());
  const servers = openServers({
    settings: {
      STRIPE_API_KEY: stripeKeys.secret,
      STRIPE_WEBHOOK_SECRET: stripeKeys.webhook,
      STRIPE_API_BASE: stripe.url,
      ...settings,
    },
  });
  expectRightBooks(stripe, {
    get knex() {
      return servers.knex;
    },
  });
  return { stripe, servers };
}

/**
 * Checks after each test of a file that Stripe's books are the shop's, once every payment that is
 * to be released has been. A shop in the test's own process has no background rounds: Stripe's
 * repeated calls make it try again.
 */
export function expectRightBooks(
  stripe: FakeStripe,
  shop: { readonly knex: Knex; readonly url?: string },
): void {
  afterEach(async () => {
    stripe.failures.clear();
    await stripe.webhooks.whenDelivered();
    const release = async () => {
      const waiting = shop.knex("nettle_payment_release").whereNull("released_at");
      const due = await waiting.update({ next_try_at: new Date(0) }).returning("*");
      for (const { data } of shop.url ? due : []) await reportAgain(stripe, data.id, shop.url!);
      return due.map(({ attempt, state, tries }) => ({ attempt, state, tries }));
    };
    await expect.poll(release, { interval: 200, timeout: 30_000 }).toEqual([]);
    expect(await findStripeErrors(shop.knex, stripe.account)).toEqual([]);
  });
}

/** Sends Stripe's calls about an intent once more. */
async function reportAgain({ webhooks }: FakeStripe, intent: string, url: string): Promise<void> {
  const former = webhooks.url;
  webhooks.url = `${url}/stripe/hooks`;
  for (const event of webhooks.events)
    if ((event.data.object as { id: string }).id === intent) await webhooks.send(event);
  webhooks.url = former;
}
