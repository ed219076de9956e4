import { describe, expect, it } from "vitest";
import { afterCommit, type FailPoint, failPointsOf } from "../checkout/fail-points.ts";
import { clientAt } from "../support/api-client.ts";
import type { Operation } from "../support/fake-stripe/stripe-operations.ts";
import { endOf } from "../support/open-servers.ts";
import {
  aPaidCheckout,
  endLeases,
  expectOrderOrMoneyBack,
  type PaidCheckout,
} from "./a-paid-checkout.ts";
import { heardEvents } from "./heard-events.ts";
import { openStripeServers } from "./use-fake-stripe.ts";

const events = heardEvents(["cart.payment_released"]);
const shop = await openStripeServers(events.settings);
const { stripe, servers } = shop;

/** What each step asks of Stripe. The state of an intent is read before it is released, too. */
const requests = {
  update: ["intents.update", 1],
  authorize: ["intents.retrieve", 1],
  retrieve: ["intents.retrieve", 2],
  cancel: ["intents.cancel", 1],
} as const satisfies Record<string, readonly [Operation["name"], number]>;

const failPoints = failPointsOf(() => ({
  delay: (step, milliseconds) => {
    const [operation, times] = requests[step];
    stripe.failures.add({ operation, kind: "slow", milliseconds, after: times - 1 });
    return stripe.whenRequested(operation, times);
  },
}));

/** Kills a process at a fail point of a completion. */
async function killAtFailPoint(failPoint: FailPoint, checkout: PaidCheckout): Promise<void> {
  const victim = await servers.serveVictim();
  const { reached, release } = await failPoint.prepare(servers, checkout);
  const ended = endOf(clientAt(victim.url).post(`/store/carts/${checkout.cart}/complete`));
  await reached;
  victim.signal("SIGKILL");
  expect(await ended).toBe("cut off");
  await release();
  await endLeases(servers);
}

/** Expects that the money of a cart went back, and what is published about it. */
async function expectMoneyBack(checkout: PaidCheckout, initiated_by: string): Promise<void> {
  await expectOrderOrMoneyBack(shop, checkout, false);
  const released = {
    name: "cart.payment_released",
    data: expect.objectContaining({
      amount: 1000,
      reason: expect.stringContaining("inventory"),
      initiated_by,
    }),
  };
  await expect.poll(() => events.about(checkout.cart), { timeout: 20_000 }).toEqual([released]);
}

/** Expects the order, or that the money goes back as the process that was killed has recorded. */
const expectEnd = ({ expectedResult }: FailPoint, checkout: PaidCheckout) =>
  expectedResult === "order"
    ? expectOrderOrMoneyBack(shop, checkout, true)
    : expectMoneyBack(checkout, "shopper");

/** Stripe reports a payment until the shop takes note of it. */
async function reportAgain({ intent }: PaidCheckout): Promise<void> {
  const event = stripe.webhooks.events.find(
    ({ type, data }) =>
      type === "payment_intent.amount_capturable_updated" &&
      (data.object as { id: string }).id === intent,
  )!;
  stripe.webhooks.url = `${servers.survivor}/stripe/hooks`;
  for (let tries = 0; (await stripe.webhooks.send(event)).status !== 200; tries++)
    expect(tries).toBeLessThan(50);
  stripe.webhooks.url = undefined;
}

/** Another process of the shop starts and finishes what it finds. */
async function startAnother(): Promise<void> {
  const another = await servers.serve();
  await expect
    .poll(() => servers.knex("nettle_checkout"), { interval: 20, timeout: 40_000 })
    .toEqual([]);
  another.signal("SIGTERM");
}

const all = [...failPoints, afterCommit];

describe("a cart whose process was killed is completed once by Stripe's repeated call", () => {
  it.each(all)("$name", async (failPoint) => {
    const checkout = await aPaidCheckout(shop);
    await killAtFailPoint(failPoint, checkout);
    await reportAgain(checkout);
    await expectEnd(failPoint, checkout);
  });
});

describe("a cart whose process was killed is finished by another that starts", () => {
  it.each(all.filter(({ isBeforeLease }) => !isBeforeLease))("$name", async (failPoint) => {
    const checkout = await aPaidCheckout(shop);
    await killAtFailPoint(failPoint, checkout);
    await startAnother();
    await expectEnd(failPoint, checkout);
  });
});

describe("a cart that was sold out after its process was killed gets its money back", () => {
  it.each([
    ["payment_provider", reportAgain],
    ["recovery", startAnother],
  ] as const)("and the shop says who found that: %s", async (initiator, find) => {
    const checkout = await aPaidCheckout(shop);
    await killAtFailPoint(failPoints.find(({ name }) => name.includes("authorize"))!, checkout);
    await servers
      .knex("product_variant")
      .where({ id: checkout.variantId })
      .update({ inventory_quantity: 0 });
    await find(checkout);
    await expectMoneyBack(checkout, initiator);
  });
});
