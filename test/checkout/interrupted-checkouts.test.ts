import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completionTargets } from "../../src/compose.ts";
import { SessionFollower } from "../../src/domains/carts/session-follower.ts";
import { CheckoutService } from "../../src/domains/checkout/checkout-service.ts";
import { resumeCheckoutsOnce } from "../../src/domains/checkout/resume-checkouts.ts";
import { PaymentReleaser } from "../../src/domains/payments/attempts/payment-releaser.ts";
import { Events } from "../../src/events/events.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { aFilledCart, aShopSetup } from "../support/builders.ts";
import { everyEventHeard } from "../support/every-event.ts";
import { type FailureMode, startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({
  providers: { payment: [remotePaymentProvider(service.url)] },
  settings: { LOG_LEVEL: "silent" },
});

const complete = (cart: string) => shop.post(`/store/carts/${cart}/complete`);
const orders = (cart: string) => shop.knex("order").where({ cart_id: cart });
const interrupted = () => shop.knex("nettle_checkout");
const waiting = () => shop.knex("nettle_payment_release").whereNull("released_at");
const held = () => service.ledger.totals().held;

let setup: Awaited<ReturnType<typeof aShopSetup>>;
beforeAll(async () => {
  setup = await aShopSetup(shop.knex, { providers: ["remote"] });
});

/** Completes a cart while the provider fails, so that its checkout is interrupted. */
async function anInterruptedCheckout(failureMode: FailureMode): Promise<string> {
  const cart = await aFilledCart(shop, setup);
  if (failureMode.step === "initiate")
    await shop
      .knex("payment_session")
      .where({ cart_id: cart })
      .update({ is_initiated: false, data: {} });
  service.setFailureMode(failureMode);
  expect((await complete(cart)).status).toBe(503);
  return cart;
}

interface Line {
  readonly event?: string;
  readonly level: number;
  readonly msg: string;
  readonly cart?: string;
  readonly provider?: string;
}

/** Another process of the shop, and the lines that it logs. */
function anotherProcess() {
  const lines: Line[] = [];
  const log = pino(
    { level: "info" },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  const providers = createProviders(5, { payment: [remotePaymentProvider(service.url)] });
  const events = new Events(everyEventHeard, false);
  const targets = completionTargets(events, {
    sales: { sellsUnpublished: false, withoutShipping: "never_chosen" },
    giftCards: { active: "paid", maxRecipients: 3 },
  });
  const releaser = new PaymentReleaser({ database: shop.knex, providers, log, days: 90 });
  const follower = new SessionFollower({ database: shop.knex, providers, log, seconds: 4 });
  const checkout = new CheckoutService({
    database: shop.knex,
    providers,
    targets,
    events,
    releaser,
    follower,
    placementSeconds: 10,
    log,
  });
  return { checkout, releaser, log, lines };
}

/**
 * Runs one round of another process over all interrupted checkouts, and over the queued releases.
 * Returns what it logs.
 */
async function runSweep(): Promise<Line[]> {
  const { checkout, releaser, log, lines } = anotherProcess();
  await resumeCheckoutsOnce(shop.knex, checkout, log, 0);
  await releaser.releaseDue();
  await releaser.whenIdle();
  return lines.filter(({ event }) => event !== "payment_released");
}

describe("a completion that is refused after its payment was authorized", () => {
  it("logs that the payment could not be voided, and refuses with that", async () => {
    const before = held();
    const own = await aShopSetup(shop.knex, { providers: ["remote"], stock: 1 });
    const cart = await aFilledCart(shop, own);
    await shop
      .knex("product_variant")
      .where({ id: own.variantId })
      .update({ inventory_quantity: 0 });
    service.setFailureMode({ step: "cancel", kind: "error" });
    const { checkout, lines } = anotherProcess();
    const completed = checkout.complete({ now: new Date(), idempotency: undefined }, cart);
    await expect(completed).rejects.toMatchObject({ name: "Error", payment: "pending" });
    expect(lines).toMatchObject([
      {
        level: 40,
        event: "payment_release_failed",
        resource: cart,
        provider: "remote",
        err: { type: "ProviderError" },
      },
    ]);
    await waiting().update({ next_try_at: shop.knex.raw("now()") });
    expect(await runSweep()).toEqual([]);
    expect([held(), await interrupted(), await waiting()]).toEqual([before, [], []]);
  });
});

describe("an interrupted checkout", () => {
  it.each(["initiate", "authorize"])(
    "is resumed without the shopper after the answer to %s was lost",
    async (step) => {
      const before = held();
      const cart = await anInterruptedCheckout({ step, kind: "drop_response" });
      expect(await runSweep()).toMatchObject([{ cart, type: "order" }]);
      expect(await orders(cart)).toHaveLength(1);
      expect(held()).toBe(before + 1000);
      expect(await interrupted()).toEqual([]);
      expect((await complete(cart)).body.type).toBe("order");
    },
  );

  it("is aborted once the shopper has changed the cart", async () => {
    const before = held();
    const cart = await anInterruptedCheckout({ step: "authorize", kind: "drop_response" });
    await shop.post(`/store/carts/${cart}/line-items`, {
      variant_id: setup.variantId,
      quantity: 1,
    });
    await runSweep();
    await expect.poll(held).toBe(before);
    expect([await orders(cart), await interrupted()]).toEqual([[], []]);
    const { body } = await complete(cart);
    expect(body).toMatchObject({ type: "order", data: { total: 2000 } });
    expect(held()).toBe(before + 2000);
  });

  it("answers the next request with the state of the payment", async () => {
    const cart = await anInterruptedCheckout({ step: "authorize", kind: "drop_response" });
    await shop.knex("line_item").where({ cart_id: cart }).update({ unit_price: 1500 });
    await runSweep();
    const message = expect.stringMatching(/More is due .* The payment was cancelled\.$/);
    expect(await complete(cart)).toMatchObject({
      status: 409,
      body: { type: "conflict", message },
    });
  });

  it("does not block other payment sessions", async () => {
    const both = await aShopSetup(shop.knex, { providers: ["manual", "remote"] });
    const before = held();
    const cart = await aFilledCart(shop, both);
    await shop.post(`/store/carts/${cart}/payment-session`, { provider_id: "remote" });
    service.setFailureMode({ step: "authorize", kind: "drop_response" });
    expect((await complete(cart)).status).toBe(503);
    const chosen = await shop.post(`/store/carts/${cart}/payment-session`, {
      provider_id: "manual",
    });
    expect(chosen).toMatchObject({
      status: 200,
      body: { cart: { payment_session: { provider_id: "manual" } } },
    });
    expect((await complete(cart)).body).toMatchObject({
      type: "order",
      data: { payments: [{ provider_id: "manual" }] },
    });
    await expect.poll(held).toBe(before);
  });

  it("is retried with backoff while the provider is unavailable", async () => {
    const cart = await anInterruptedCheckout({ step: "authorize", kind: "error", times: 3 });
    const waits = `extract(epoch from next_try_at - now())`;
    for (const [tries, seconds] of [
      [1, 15],
      [2, 30],
    ] as const) {
      await interrupted().update({ next_try_at: shop.knex.raw("now()") });
      expect(await runSweep()).toMatchObject([{ level: 40, cart, provider: "remote" }]);
      const [row] = await interrupted().select("tries", shop.knex.raw(`round(${waits}) as wait`));
      expect([row.tries, Number(row.wait)]).toEqual([tries, seconds]);
      expect(await runSweep()).toEqual([]);
    }
    expect((await complete(cart)).body.type).toBe("order");
  });

  it("is aborted after the last try: the payment is voided and the cart open", async () => {
    const before = held();
    const cart = await anInterruptedCheckout({ step: "authorize", kind: "drop_response" });
    await interrupted().update({ tries: 10 });
    expect(await runSweep()).toMatchObject([{ level: 50, cart, provider: "remote" }]);
    expect([await orders(cart), held(), await interrupted()]).toEqual([[], before, []]);
    expect((await shop.get(`/store/carts/${cart}`)).body.cart).toMatchObject({
      completed_at: null,
      payment_authorized_at: null,
    });
    expect((await complete(cart)).body.type).toBe("order");
    expect(held()).toBe(before + 1000);
  });

  it("is aborted when its payment was initiated by the completion itself", async () => {
    const before = held();
    const cart = await aFilledCart(shop, setup);
    const stock = (inventory_quantity: number) =>
      shop.knex("product_variant").where({ id: setup.variantId }).update({ inventory_quantity });
    await stock(0);
    expect((await complete(cart)).status).toBe(409);
    await stock(100);
    service.setFailureMode({ step: "authorize", kind: "drop_response" });
    expect((await complete(cart)).status).toBe(503);
    expect(held()).toBe(before + 1000);
    await interrupted().update({ tries: 10 });
    await runSweep();
    expect([await orders(cart), held(), await interrupted()]).toEqual([[], before, []]);
  });

  it("retries the release of the payment, and its cart is open meanwhile", async () => {
    const before = held();
    const cart = await anInterruptedCheckout({ step: "authorize", kind: "drop_response" });
    await interrupted().update({ tries: 10 });
    service.setFailureMode({ step: "cancel", kind: "error" });
    expect(await runSweep()).toMatchObject([
      {
        level: 40,
        event: "payment_release_failed",
        resource: cart,
        provider: "remote",
        err: { message: expect.stringContaining("remote") },
      },
      { level: 50, event: "checkout_abort_failed", cart, provider: "remote" },
    ]);
    expect(held()).toBe(before + 1000);
    const [row] = await waiting().select(
      "resource_id",
      shop.knex.raw("round(extract(epoch from next_try_at - now())) as wait"),
    );
    expect(row).toMatchObject({ resource_id: cart, wait: "15" });
    await waiting().update({ next_try_at: shop.knex.raw("now()") });
    await runSweep();
    expect([await orders(cart), held(), await interrupted()]).toEqual([[], before, []]);
  });

  it("pays nothing when a late authorization reaches the provider after the abort", async () => {
    const before = held();
    const cart = await anInterruptedCheckout({ step: "authorize", kind: "error" });
    const [{ data, attempt }] = await interrupted();
    await interrupted().update({ tries: 10 });
    await runSweep();
    const late = {
      resource_id: cart,
      amount: 1000,
      currency_code: "eur",
      context: {},
      data,
      idempotency_key: `${attempt}:authorize`,
    };
    const { status } = await fetch(`${service.url}/authorize`, {
      method: "POST",
      body: JSON.stringify(late),
    });
    expect([status, held()]).toEqual([422, before]);
    expect((await complete(cart)).body.type).toBe("order");
  });

  it("ends when its payment was deleted, though the answer was lost", async () => {
    const cart = await anInterruptedCheckout({ step: "authorize", kind: "error" });
    await interrupted().update({ tries: 10 });
    service.setFailureMode({ step: "delete", kind: "drop_response" });
    await runSweep();
    expect(await waiting()).toMatchObject([{ resource_id: cart, state: "deleting" }]);
    await waiting().update({ next_try_at: shop.knex.raw("now()") });
    await runSweep();
    expect([await interrupted(), await waiting()]).toEqual([[], []]);
    expect((await complete(cart)).body.type).toBe("order");
  });
});
