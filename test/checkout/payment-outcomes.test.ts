import { afterAll, describe, expect, it } from "vitest";
import { aFilledCart, aGiftCard, aShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({
  providers: { payment: [remotePaymentProvider(service.url)] },
  settings: { LOG_LEVEL: "silent" },
});

const complete = (cart: string, headers: Record<string, string> = {}) =>
  shop.post(`/store/carts/${cart}/complete`, undefined, headers);
const { ledger } = service;
const paymentsOf = (cart: string) =>
  [...ledger.payments.values()].filter(({ resource_id }) => resource_id === cart);
const sellOut = (variantId: string) =>
  shop.knex("product_variant").where({ id: variantId }).update({ inventory_quantity: 0 });

describe("a payment that requires more", () => {
  it("is resumed under the same idempotency key, which then returns the order", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    const key = { "Idempotency-Key": "one-key-for-this-checkout" };
    service.setFailureMode({ step: "authorize", kind: "requires_more", times: 2 });
    for (const _ of [1, 2])
      expect((await complete(cart, key)).body).toMatchObject({
        type: "cart",
        payment_status: "requires_more",
      });
    const placed = await complete(cart, key);
    expect(placed.body).toMatchObject({ type: "order", data: { cart_id: cart } });
    expect((await complete(cart, key)).body).toEqual(placed.body);
    expect(paymentsOf(cart)).toMatchObject([{ authorized: 1000 }]);
  });

  it("shows the amount due and leaves the cart open to changes", async () => {
    const region = { tax_rate: 19, automatic_taxes: false };
    const setup = await aShopSetup(shop.knex, { providers: ["remote"], region });
    const cart = await aFilledCart(shop, setup);
    service.setFailureMode({ step: "authorize", kind: "requires_more" });
    const { data } = (await complete(cart)).body;
    expect(data).toMatchObject({
      total: 1190,
      tax_total: 190,
      payment_session: { status: "requires_more", amount: 1190 },
    });
    const line = await shop.post(`/store/carts/${cart}/line-items`, {
      variant_id: setup.variantId,
      quantity: 1,
    });
    expect(line.status).toBe(200);
  });

  it("is voided when the shopper confirmed less than is due now", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
    const cart = await aFilledCart(shop, setup);
    service.setFailureMode({ step: "authorize", kind: "requires_more" });
    const { payment_session } = (await complete(cart)).body.data;
    const confirmed = {
      data: payment_session.data,
      amount: 1000,
      idempotency_key: "the shopper's own",
    };
    await fetch(`${service.url}/authorize`, { method: "POST", body: JSON.stringify(confirmed) });
    await shop.post(`/store/carts/${cart}/line-items`, {
      variant_id: setup.variantId,
      quantity: 1,
    });
    expect(await complete(cart)).toMatchObject({
      status: 400,
      body: { message: "Cart payment not authorized. The payment was cancelled." },
    });
    expect((await complete(cart)).body).toMatchObject({ type: "order", data: { total: 2000 } });
    expect(paymentsOf(cart)).toMatchObject([
      { authorized: 1000, canceled: 1000 },
      { authorized: 2000, canceled: 0 },
    ]);
    expect(await shop.knex("nettle_checkout")).toEqual([]);
  });
});

describe("a provider that captures at once", () => {
  it("captures once for an order", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    service.setFailureMode({ step: "authorize", kind: "capture" });
    expect((await complete(cart)).body.type).toBe("order");
    expect(paymentsOf(cart)).toMatchObject([{ captured: 1000, refunded: 0 }]);
  });

  it.each(["retrieve", "refund"])(
    "refunds when no order is placed, even if its answer to %s is lost",
    async (step) => {
      const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
      const cart = await aFilledCart(shop, setup);
      await sellOut(setup.variantId);
      service.setFailureMode({ step: "authorize", kind: "capture" });
      service.setFailureMode({ step, kind: "drop_response" });
      const soldOutError = (words: string) => ({
        status: 409,
        body: {
          errors: [{ code: "insufficient_inventory" }],
          message: expect.stringMatching(`inventory. ${words}$`),
        },
      });
      expect(await complete(cart)).toMatchObject(soldOutError("The payment will be given back."));
      expect(await complete(cart)).toMatchObject(soldOutError("The payment was cancelled."));
      expect(ledger.totals().netCaptured).toBe(1000);
      expect(paymentsOf(cart)[0]).toMatchObject({ captured: 1000, refunded: 1000 });
      const rows = await shop.knex("payment").where({ cart_id: cart }).whereNotNull("captured_at");
      expect(rows).toMatchObject([
        { amount: 1000, amount_refunded: 1000, order_id: null, canceled_at: expect.anything() },
      ]);
      expect((await shop.get(`/store/carts/${cart}`)).body.cart).toMatchObject({
        completed_at: null,
        payment_authorized_at: null,
      });
    },
  );
});

describe("a payment on the provider's page, after which the cart grew", () => {
  it.each([
    ["captured", { captured: 1000, refunded: 1000 }],
    ["authorized", { authorized: 1000, canceled: 1000 }],
  ] as const)("is released when it was %s, once", async (outcome, books) => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
    const cart = await aFilledCart(shop, setup);
    ledger.pay(cart, outcome);
    await shop.post(`/store/carts/${cart}/line-items`, {
      variant_id: setup.variantId,
      quantity: 1,
    });
    const releasedAs = outcome === "captured" ? "refunded" : "cancelled";
    expect(await complete(cart)).toMatchObject({
      status: 400,
      body: { message: `Cart payment not authorized. The payment was ${releasedAs}.` },
    });
    expect(await shop.knex("nettle_checkout")).toEqual([]);
    expect(paymentsOf(cart)).toMatchObject([books]);
    expect(await shop.knex("payment").where({ cart_id: cart })).toMatchObject([
      { amount: 1000, order_id: null },
    ]);
    expect((await complete(cart)).body).toMatchObject({ type: "order", data: { total: 2000 } });
  });
});

describe("a payment whose session is deleted by a change of the cart", () => {
  it("is voided by the next completion when it was paid meanwhile", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
    const cart = await aFilledCart(shop, setup);
    const { body } = await shop.get(`/store/carts/${cart}`);
    await shop.delete(`/store/carts/${cart}/line-items/${body.cart.items[0].id}`);
    ledger.pay(cart, "authorized");
    await shop.post(`/store/carts/${cart}/line-items`, {
      variant_id: setup.variantId,
      quantity: 2,
    });
    await shop.post(`/store/carts/${cart}/payment-sessions`);
    expect((await complete(cart)).body).toMatchObject({ type: "order", data: { total: 2000 } });
    expect(paymentsOf(cart)).toMatchObject([
      { authorized: 1000, canceled: 1000 },
      { authorized: 2000, canceled: 0 },
    ]);
    expect(await shop.knex("nettle_checkout")).toEqual([]);
  });
});

describe("a payment that was voided", () => {
  it("leaves a cart that any provider can pay", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["manual", "remote"] });
    const cart = await aFilledCart(shop, setup);
    const choose = (provider_id: string) =>
      shop.post(`/store/carts/${cart}/payment-session`, { provider_id });
    await choose("remote");
    await sellOut(setup.variantId);
    for (const _ of [1, 2]) expect((await complete(cart)).status).toBe(409);
    expect((await choose("remote")).body.cart.payment_session).toMatchObject({
      provider_id: "remote",
      status: "pending",
    });
    for (const provider of ["manual", "remote", "manual", "remote"])
      expect((await choose(provider)).status).toBe(200);
    await shop
      .knex("product_variant")
      .where({ id: setup.variantId })
      .update({ inventory_quantity: 1 });
    expect((await complete(cart)).body.type).toBe("order");
    expect(
      paymentsOf(cart).reduce((sum, { authorized, canceled }) => sum + authorized - canceled, 0),
    ).toBe(1000);
  });
});

describe("an amount due above the session's amount", () => {
  const region = { tax_rate: 19, automatic_taxes: false };
  const setSessionAmount = (cart: string, amount: number) =>
    shop.knex("payment_session").where({ cart_id: cart }).update({ amount });

  it("is paid when it differs by taxes that the region hides, as in Medusa's carts", async () => {
    const cart = await aFilledCart(
      shop,
      await aShopSetup(shop.knex, { providers: ["remote"], region }),
    );
    await setSessionAmount(cart, 1000);
    expect((await complete(cart)).body).toMatchObject({ type: "order", data: { total: 1190 } });
    expect(paymentsOf(cart)).toMatchObject([{ authorized: 1190 }]);
  });

  it.each([
    ["more than those taxes", region, 999],
    ["taxes that the region shows", { ...region, automatic_taxes: true }, 1000],
  ])("is refused when it differs by %s", async (_, region, amount) => {
    const cart = await aFilledCart(
      shop,
      await aShopSetup(shop.knex, { providers: ["remote"], region }),
    );
    await setSessionAmount(cart, amount);
    expect(await complete(cart)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("More is due") },
    });
    expect(paymentsOf(cart)).toMatchObject([{ authorized: 0 }]);
    await shop.post(`/store/carts/${cart}/payment-sessions`);
    expect((await complete(cart)).body).toMatchObject({ type: "order", data: { total: 1190 } });
  });

  it("is refused when it differs by a spent gift card, even one as high as the taxes", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"], region });
    const card = await aGiftCard(shop.knex, { region_id: setup.regionId, value: 190 });
    const cart = await aFilledCart(shop, setup, { giftCards: [card.code] });
    await shop
      .knex("gift_card")
      .where({ id: card.id })
      .update({ balance: 0, is_disabled: true, updated_at: shop.knex.raw("now()") });
    expect(await shop.knex("payment_session").where({ cart_id: cart })).toMatchObject([
      { amount: 1000 },
    ]);
    expect(await complete(cart)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("no longer covers") },
    });
    expect(paymentsOf(cart)).toMatchObject([{ authorized: 0 }]);
  });
});
