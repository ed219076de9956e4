import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aFilledCart, anOrder, aShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { signatureOf } from "../support/webhook-signature.ts";
import "../support/to-be-refused.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const logged: { readonly event?: string }[] = [];
const shop = openShop({
  providers: { payment: [remotePaymentProvider(service.url)] },
  settings: { LOG_LEVEL: "error" },
  logTo: { write: (line) => void logged.push(JSON.parse(line)) },
});
beforeAll(() => {
  service.webhookUrl = `${shop.url}/hooks/payment/remote`;
});

const HOOK = "/hooks/payment/remote";
const postWebhook = (body: unknown, headers: Record<string, string> = {}, path = HOOK) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return shop.post(path, text, {
    "content-type": "application/json",
    "x-signature": signatureOf(text),
    ...headers,
  });
};
const aCart = async () => aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
const ordersOf = (cart: string) => shop.knex("order").where({ cart_id: cart });
const eventsNamed = (name: string, id: string) =>
  shop.knex("nettle_delivery").where({ name }).whereRaw("data->>'id' = ?", id);
const paymentsOf = (cart: string) =>
  [...service.ledger.payments.values()].filter(({ resource_id }) => resource_id === cart);
const received = { status: 200, body: { received: true } };

describe("a webhook is refused", () => {
  const event = { event: "authorized", resource_id: "cart_1" };

  it("for a provider that does not exist or has no webhooks", async () => {
    for (const id of ["nobody", "manual", "..%2fstore", "%00"]) {
      const answer = await postWebhook(event, {}, `/hooks/payment/${id}`);
      expect(answer.status, answer.text).toBe(id === "%00" ? 400 : 404);
      expect(answer.body.message).toBeTruthy();
    }
    expect(await shop.get(HOOK)).toBeRefused(404);
  });

  it("when its signature is wrong, missing or for another body", async () => {
    const cart = await aCart();
    const body = JSON.stringify({ event: "authorized", resource_id: cart });
    for (const headers of [
      { "x-signature": "" },
      { "x-signature": signatureOf(body, "a guess") },
      { "x-signature": signatureOf(`${body} `) },
    ])
      expect(await postWebhook(body, headers)).toBeRefused(400, { type: "not_allowed" });
    expect(await ordersOf(cart)).toEqual([]);
  });

  it("when it is too large, not text, or has an unknown event", async () => {
    expect(await postWebhook("x".repeat(200_000))).toBeRefused(413);
    const bytes = await fetch(shop.url + HOOK, {
      method: "POST",
      body: new Uint8Array([0xff, 0xfe]),
    });
    expect(bytes.status).toBe(400);
    expect(await postWebhook({ event: "exploded", resource_id: "cart_1" })).toBeRefused(503, {
      code: "provider_nonsense",
    });
    expect(await postWebhook("not json")).toBeRefused(503, { code: "provider_failed" });
    expect(await postWebhook("")).toBeRefused(503, { code: "provider_failed" });
  });
});

describe("a webhook", () => {
  it("is passed on byte by byte and starts no session", async () => {
    const answer = await postWebhook('{ "event" : "ignored",  "more": "ü" }', {
      "content-type": "text/plain",
    });
    expect(answer).toMatchObject(received);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  it("is accepted for an unknown cart only if it reports no money", async () => {
    const resource_id = "cart_of_another_shop";
    for (const event of ["authorized", "captured"])
      expect(await postWebhook({ event, resource_id })).toBeRefused(409, { type: "conflict" });
    expect(await postWebhook({ event: "failed", resource_id })).toMatchObject(received);
    // Only errors are logged here.
    const about = { event: "payment_unknown", provider: "remote", resource: resource_id };
    expect(logged.filter(({ event }) => event === "payment_unknown")).toMatchObject([
      { ...about, payment_event: "authorized" },
      { ...about, payment_event: "captured" },
    ]);
  });

  it("of an unknown payment that it names is accepted, and the payment released", async () => {
    const cart = await aCart();
    await shop.post(`/store/carts/${cart}/complete`);
    const question = { resource_id: cart, amount: 700, currency_code: "eur", idempotency_key: "x" };
    const initiated = await fetch(`${service.url}/initiate`, {
      method: "POST",
      body: JSON.stringify(question),
    });
    const { data } = (await initiated.json()) as { data: { id: string } };
    service.ledger.pay(cart, "captured");
    const event = { event: "captured", resource_id: cart, data: { id: data.id } };
    expect(await postWebhook(event)).toMatchObject(received);
    const stranger = { ...event, resource_id: "cart_of_another_shop" };
    expect(await postWebhook(stranger)).toBeRefused(409);
    await expect
      .poll(() => service.ledger.payments.get(data.id))
      .toMatchObject({ captured: 700, refunded: 700 });
  });

  it("of a partial capture leaves the order uncaptured until all is captured", async () => {
    const cart = await aCart();
    await shop.post(`/store/carts/${cart}/complete`);
    const [payment] = paymentsOf(cart);
    Object.assign(payment!, { captured: 100, status: "captured" });
    expect(await service.sendWebhook(cart, "captured")).toEqual(received);
    expect(await ordersOf(cart)).toMatchObject([{ payment_status: "requires_action" }]);
    expect(await shop.knex("payment").where({ cart_id: cart })).toMatchObject([
      { captured_at: null, data: { status: "captured" } },
    ]);
    payment!.captured = 1000;
    expect(await service.sendWebhook(cart, "captured")).toEqual(received);
    expect(await ordersOf(cart)).toMatchObject([{ payment_status: "captured" }]);
    expect(await shop.knex("payment").where({ cart_id: cart })).toMatchObject([
      { captured_at: expect.any(String) },
    ]);
  });

  it("of an authorization places the order of a shopper who never returned", async () => {
    const cart = await aCart();
    expect(await service.pay(cart, "authorized")).toEqual(received);
    expect(await ordersOf(cart)).toMatchObject([{ payment_status: "awaiting" }]);
    expect(await shop.knex("payment").where({ cart_id: cart })).toMatchObject([
      { amount: 1000, captured_at: null },
    ]);
    const { body } = await shop.post(`/store/carts/${cart}/complete`);
    expect(body).toMatchObject({ type: "order", data: { cart_id: cart } });
    expect(await ordersOf(cart)).toHaveLength(1);
  });

  it("of an authorization places one order beside the shopper's own request", async () => {
    const cart = await aCart();
    const before = service.ledger.totals().authorized;
    const { id } = paymentsOf(cart)[0]!;
    const calls = Array.from({ length: 10 }, () => service.sendWebhook(cart, "authorized", { id }));
    const [completed, ...answers] = await Promise.all([
      shop.post(`/store/carts/${cart}/complete`),
      ...calls,
    ]);
    expect(completed?.status).toBe(200);
    for (const answer of answers) expect(answer).toEqual(received);
    expect(await ordersOf(cart)).toHaveLength(1);
    expect(service.ledger.totals().authorized).toBe(before + 1000);
  });

  it("of a capture is recorded once with payment and order", async () => {
    const cart = await aCart();
    await shop.post(`/store/carts/${cart}/complete`);
    const answers = [
      service.pay(cart, "captured"),
      ...Array.from({ length: 5 }, () => service.sendWebhook(cart, "captured")),
    ];
    for (const answer of await Promise.all(answers)) expect(answer).toEqual(received);
    const [order] = await ordersOf(cart);
    const [payment] = await shop.knex("payment").where({ cart_id: cart });
    expect([order.payment_status, payment.captured_at, payment.data.status]).toEqual([
      "captured",
      expect.any(String),
      "captured",
    ]);
    expect(await eventsNamed("order.payment_captured", order.id)).toMatchObject([
      { data: { id: order.id, no_notification: null } },
    ]);
    expect(await eventsNamed("payment.payment_captured", payment.id)).toMatchObject([
      { data: { amount: 1000, order_id: order.id } },
    ]);
  });

  it("of a capture completes the cart, and later webhooks change nothing", async () => {
    const cart = await aCart();
    expect(await service.pay(cart, "captured")).toEqual(received);
    for (const late of ["authorized", "failed"] as const)
      expect(await service.sendWebhook(cart, late)).toEqual(received);
    expect(await ordersOf(cart)).toMatchObject([{ payment_status: "captured" }]);
    const { body } = await shop.get(`/store/orders/cart/${cart}`);
    expect(body.order.payments[0].captured_at).toBeTruthy();
    expect(await shop.knex("payment_session").where({ cart_id: cart })).toMatchObject([
      { status: "authorized" },
    ]);
  });

  it("of a failure is recorded in the session, which a retry can follow", async () => {
    const cart = await aCart();
    const statusOf = async () =>
      (await shop.get(`/store/carts/${cart}`)).body.cart.payment_session.status;
    expect(await service.pay(cart, "failed")).toEqual(received);
    expect(await statusOf()).toBe("error");
    expect(await service.pay(cart, "authorized")).toEqual(received);
    expect(await ordersOf(cart)).toHaveLength(1);
  });
});

describe("a reported payment", () => {
  it("is voided when the items are sold out", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"], stock: 1 });
    const cart = await aFilledCart(shop, setup);
    await shop
      .knex("product_variant")
      .where({ id: setup.variantId })
      .update({ inventory_quantity: 0 });
    const { held, netCaptured } = service.ledger.totals();
    expect(await service.pay(cart, "authorized")).toEqual(received);
    expect(await ordersOf(cart)).toEqual([]);
    expect(service.ledger.totals()).toMatchObject({ held, netCaptured });
  });

  it("is not believed when the provider does not confirm it", async () => {
    const cart = await aCart();
    await shop.post(`/store/carts/${cart}/complete`);
    expect(await service.sendWebhook(cart, "captured")).toMatchObject({
      status: 409,
      body: { type: "conflict" },
    });
    expect(await ordersOf(cart)).toMatchObject([{ payment_status: "awaiting" }]);
    expect(await shop.knex("payment").where({ cart_id: cart })).toMatchObject([
      { captured_at: null },
    ]);
  });

  it("waits for the next webhook while the provider is unavailable", async () => {
    const cart = await aCart();
    service.ledger.pay(cart, "authorized");
    service.setFailureMode({ step: "authorize", kind: "error" });
    expect(await service.sendWebhook(cart, "authorized")).toMatchObject({
      status: 503,
      body: { code: "provider_failed" },
    });
    expect(await service.sendWebhook(cart, "authorized")).toEqual(received);
    expect(await ordersOf(cart)).toHaveLength(1);
  });

  it("that is not named counts for the one that the provider confirms only", async () => {
    const cart = await aCart();
    for (const event of ["authorized", "captured"] as const)
      expect(await service.sendWebhook(cart, event)).toMatchObject({ status: 409 });
    expect(await ordersOf(cart)).toEqual([]);
    expect(paymentsOf(cart)).toMatchObject([{ authorized: 0 }]);
    // Another payment for the cart, of which the shop knows nothing.
    await shop.post(`/store/carts/${cart}/complete`);
    const question = {
      resource_id: cart,
      amount: 700,
      currency_code: "eur",
      idempotency_key: cart,
    };
    await fetch(`${service.url}/initiate`, { method: "POST", body: JSON.stringify(question) });
    expect(await service.pay(cart, "captured")).toMatchObject({ status: 409 });
    expect(await ordersOf(cart)).toMatchObject([{ payment_status: "awaiting" }]);
  });

  it("that failed does not fail another one of the cart", async () => {
    const cart = await aCart();
    const { id } = paymentsOf(cart)[0]!;
    const statusOf = async () =>
      (await shop.get(`/store/carts/${cart}`)).body.cart.payment_session.status;
    expect(await service.sendWebhook(cart, "failed", { id: "pay_dropped" })).toEqual(received);
    expect(await statusOf()).toBe("pending");
    expect(await service.sendWebhook(cart, "failed", { id })).toEqual(received);
    expect(await statusOf()).toBe("error");
  });

  it("never makes another selected provider pay", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["manual", "remote"] });
    const cart = await aFilledCart(shop, setup);
    await shop.post(`/store/carts/${cart}/payment-session`, { provider_id: "remote" });
    await shop.post(`/store/carts/${cart}/payment-session`, { provider_id: "manual" });
    for (const event of ["authorized", "captured"] as const)
      expect(await service.sendWebhook(cart, event)).toMatchObject({ status: 409 });
    expect(await service.sendWebhook(cart, "failed")).toEqual(received);
    expect(await ordersOf(cart)).toEqual([]);
    expect((await shop.get(`/store/carts/${cart}`)).body.cart.payment_session).toMatchObject({
      status: "pending",
    });
  });

  it("never makes a provider pay that is selected at the same moment", async () => {
    const cart = await aFilledCart(
      shop,
      await aShopSetup(shop.knex, { providers: ["manual", "remote"] }),
    );
    await shop.post(`/store/carts/${cart}/payment-session`, { provider_id: "remote" });
    const trx = await shop.knex.transaction();
    await trx("cart").where({ id: cart }).forUpdate();
    const webhookResponse = service.sendWebhook(cart, "authorized");
    const waits =
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = " +
      "'Lock'";
    await expect
      .poll(async () => (await shop.knex.raw(waits)).rows.length, { timeout: 10_000 })
      .toBeGreaterThan(0);
    await trx("payment_session").where({ cart_id: cart }).update({ is_selected: null });
    await trx("payment_session")
      .where({ cart_id: cart, provider_id: "manual" })
      .update({ is_selected: true });
    await trx.commit();
    // Nothing was paid with the provider that calls.
    expect(await webhookResponse).toMatchObject({ status: 409 });
    expect(await ordersOf(cart)).toEqual([]);
  });

  it.each([
    ["authorized", "open", { authorized: 1000, canceled: 1000 }],
    ["captured", "open", { captured: 1000, refunded: 1000 }],
    ["authorized", "completed", { authorized: 1000, canceled: 1000 }],
    ["captured", "completed", { captured: 1000, refunded: 1000 }],
  ] as const)(
    "is released when it is %s after another provider was selected, with the cart %s",
    async (outcome, state, books) => {
      const setup = await aShopSetup(shop.knex, { providers: ["manual", "remote"] });
      const cart = await aFilledCart(shop, setup);
      const choose = (provider_id: string) =>
        shop.post(`/store/carts/${cart}/payment-session`, { provider_id });
      await choose("remote");
      // As another program selects a provider, without updating the first one.
      const sessions = shop.knex("payment_session").where({ cart_id: cart });
      await sessions.clone().update({ is_selected: null });
      await sessions.clone().where({ provider_id: "manual" }).update({ is_selected: true });
      if (state === "completed")
        expect((await shop.post(`/store/carts/${cart}/complete`)).body.type).toBe("order");
      expect(await service.pay(cart, outcome)).toEqual(received);
      expect(paymentsOf(cart)).toMatchObject([books]);
      expect(await service.sendWebhook(cart, outcome)).toEqual(received);
      expect(paymentsOf(cart)).toMatchObject([books]);
      expect(await shop.knex("nettle_checkout")).toEqual([]);
      if (state === "open") await choose("remote");
      const { body } = await shop.post(`/store/carts/${cart}/complete`);
      const provider_id = state === "open" ? "remote" : "manual";
      expect(body).toMatchObject({
        type: "order",
        data: { payments: [{ provider_id, amount: 1000, canceled_at: null }] },
      });
      expect((await shop.knex("cart").where({ id: cart }).first()).payment_id).toBe(
        body.data.payments[0].id,
      );
    },
  );

  it("is voided when more is due by now", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
    const cart = await aFilledCart(shop, setup);
    await shop.knex("line_item").where({ cart_id: cart }).update({ unit_price: 1500 });
    expect(await service.pay(cart, "authorized")).toEqual(received);
    expect(paymentsOf(cart)).toMatchObject([{ authorized: 1000, canceled: 1000 }]);
    expect(await ordersOf(cart)).toEqual([]);
    expect(await shop.post(`/store/carts/${cart}/complete`)).toBeRefused(409, { type: "conflict" });
  });

  it("leaves a canceled order canceled", async () => {
    const cart = await aCart();
    await shop.post(`/store/carts/${cart}/complete`);
    const canceled = { status: "canceled", payment_status: "canceled" };
    await shop.knex("order").where({ cart_id: cart }).update(canceled);
    expect(await service.pay(cart, "captured")).toEqual(received);
    expect(await ordersOf(cart)).toMatchObject([canceled]);
    expect(await shop.knex("payment").where({ cart_id: cart })).toMatchObject([
      { captured_at: expect.any(String) },
    ]);
  });

  it("waits for the order's other payments", async () => {
    const cart = await aCart();
    const other = await anOrder(shop.knex);
    await shop.post(`/store/carts/${cart}/complete`);
    const [order] = await ordersOf(cart);
    await shop.knex("payment").where({ order_id: other.id }).update({ order_id: order.id });
    expect(await service.pay(cart, "captured")).toEqual(received);
    expect(await ordersOf(cart)).toMatchObject([{ payment_status: "requires_action" }]);
    expect(await eventsNamed("order.payment_captured", order.id)).toEqual([]);
  });
});

describe("too many webhooks", () => {
  const limited = openShop({
    settings: { RATE_LIMIT: "on", RATE_LIMIT_REQUESTS: "5", RATE_LIMIT_LOOPBACK: "on" },
    providers: { payment: [remotePaymentProvider(service.url)] },
  });

  it("are refused without affecting shoppers", async () => {
    const body = JSON.stringify({ event: "ignored" });
    const headers = { "content-type": "application/json", "x-signature": signatureOf(body) };
    const statuses = [];
    for (let count = 0; count < 6; count++)
      statuses.push((await limited.post(HOOK, body, headers)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await limited.get("/store/regions")).status).toBe(200);
  });
});
