import { afterAll, describe, expect, it } from "vitest";
import { aDiscount, aFilledCart, aGiftCard, aShopSetup } from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import "../support/to-be-refused.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePaymentProvider(service.url)] } });

const complete = (cart: string) => shop.post(`/store/carts/${cart}/complete`);
const stockOf = async (variantId: string) =>
  (await shop.knex("product_variant").where({ id: variantId }).first("inventory_quantity"))
    .inventory_quantity;
const ordersOf = (cart: string) => shop.knex("order").where({ cart_id: cart });

describe("completing a cart is refused", () => {
  it("when an item is sold out, and voids the payment", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"], stock: 1 });
    const [one, two] = [await aFilledCart(shop, setup), await aFilledCart(shop, setup)];
    expect(await complete(one)).toMatchObject({ status: 200, body: { type: "order" } });
    const held = service.ledger.totals().held;
    const refused = await complete(two);
    expect(refused).toMatchObject({
      status: 409,
      body: { errors: [{ code: "insufficient_inventory", type: "not_allowed" }] },
    });
    expect(service.ledger.totals().held).toBe(held);
    expect(await stockOf(setup.variantId)).toBe(0);
    const { body } = await shop.get(`/store/carts/${two}`);
    expect(body.cart).toMatchObject({ completed_at: null, payment_authorized_at: null });
    expect(await shop.knex("nettle_checkout")).toEqual([]);
    const line = await shop.delete(`/store/carts/${two}/line-items/${body.cart.items[0].id}`);
    expect(line.status).toBe(200);
  });

  it("when its gift card was spent, and charges nothing", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["remote"] });
    const { code } = await aGiftCard(shop.knex, { region_id: setup.regionId, value: 600 });
    const [one, two] = [
      await aFilledCart(shop, setup, { giftCards: [code] }),
      await aFilledCart(shop, setup, { giftCards: [code] }),
    ];
    expect((await complete(one)).body.data).toMatchObject({ gift_card_total: 600, total: 400 });
    const { authorized } = service.ledger.totals();
    for (const answer of [await complete(two), await complete(two)]) {
      expect(answer).toMatchObject({
        status: 409,
        body: { message: expect.stringContaining("no longer covers") },
      });
    }
    expect(service.ledger.totals().authorized).toBe(authorized);
    expect((await shop.get(`/store/carts/${two}`)).body.cart.total).toBe(1000);
    await shop.post(`/store/carts/${two}/payment-sessions`);
    expect((await complete(two)).body.data).toMatchObject({ total: 1000 });
  });

  it("when its discount has reached the usage limit", async () => {
    const setup = await aShopSetup(shop.knex);
    const { code } = await aDiscount(shop.knex, { usage_limit: 1 });
    const attributes = { discounts: [code] };
    const [one, two] = [
      await aFilledCart(shop, setup, attributes),
      await aFilledCart(shop, setup, attributes),
    ];
    expect((await complete(one)).body.data).toMatchObject({ discount_total: 100 });
    expect(await complete(two)).toMatchObject({ status: 400, body: { type: "not_allowed" } });
    expect(await ordersOf(two)).toEqual([]);
  });

  it("when the query has an unknown parameter", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex));
    for (const path of ["complete?x=1", "complete-cart?x=1", "payment-sessions?x=1"])
      expect(await shop.post(`/store/carts/${cart}/${path}`)).toBeRefused(400, {
        message: "property x should not exist",
      });
    expect(
      (await shop.post(`/store/carts/${cart}/complete?fields=id&expand=items`)).body.data,
    ).toMatchObject({ total: 1000 });
  });

  it("when the payment is declined, until a retry succeeds", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    service.setFailureMode({ step: "authorize", kind: "decline" });
    expect(await complete(cart)).toMatchObject({
      status: 400,
      body: { message: "Cart payment not authorized" },
    });
    expect(await ordersOf(cart)).toEqual([]);
    expect((await complete(cart)).body).toMatchObject({ type: "order", data: { cart_id: cart } });
  });
});

describe("completing a cart", () => {
  it("answers requires_more first when the provider does", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
    service.setFailureMode({ step: "authorize", kind: "requires_more" });
    expect((await complete(cart)).body).toMatchObject({
      type: "cart",
      payment_status: "requires_more",
      data: { id: cart },
    });
    expect((await complete(cart)).body).toMatchObject({ type: "order", data: { cart_id: cart } });
  });

  it.each(["drop_response", "error", "invalid_response"] as const)(
    "continues after the provider failed with %s: one payment, one order",
    async (kind) => {
      const cart = await aFilledCart(shop, await aShopSetup(shop.knex, { providers: ["remote"] }));
      const before = service.ledger.totals();
      service.setFailureMode({ step: "authorize", kind });
      expect((await complete(cart)).status).toBe(503);
      expect((await complete(cart)).body.type).toBe("order");
      expect(await ordersOf(cart)).toHaveLength(1);
      expect(service.ledger.totals().authorized).toBe(before.authorized + 1000);
    },
  );

  it.each(["payment_link", "claim"])("places an order for a cart of the type %s", async (type) => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex));
    await shop.knex("cart").where({ id: cart }).update({ type });
    expect((await complete(cart)).body).toMatchObject({ type: "order", data: { cart_id: cart } });
  });

  it("leaves only the e-mail of the cart changeable", async () => {
    const setup = await aShopSetup(shop.knex);
    const cart = await aFilledCart(shop, setup);
    const { id } = (await complete(cart)).body.data;
    const placed = (await shop.get(`/store/orders/${id}`)).body.order;
    const elsewhere = (await aShopSetup(shop.knex)).regionId;
    const change = (input: object) => shop.post(`/store/carts/${cart}`, input);
    const message = "A completed cart cannot be changed";
    const moved = { message: "Cannot change the region of a completed cart" };
    expect(await change({ region_id: elsewhere, discounts: [] })).toBeRefused(400, moved);
    for (const input of [
      { region_id: setup.regionId },
      { shipping_address: { city: "Elsewhere" } },
      { gift_cards: [] },
      { context: {} },
    ])
      expect(await change(input), JSON.stringify(input)).toBeRefused(400, { message });
    const sessions = `/store/carts/${cart}/payment-sessions`;
    expect(await shop.post(`${sessions}/manual/refresh`)).toBeRefused(400, { message });
    expect(await shop.delete(`${sessions}/manual`)).toBeRefused(400, { message });
    expect((await change({ email: "later@example.com" })).status).toBe(200);
    expect((await shop.get(`/store/orders/${id}`)).body.order).toEqual(placed);
  });

  it("publishes one event for the order", async () => {
    const cart = await aFilledCart(shop, await aShopSetup(shop.knex));
    const [first, second] = [await complete(cart), await complete(cart)];
    expect(second.body).toEqual(first.body);
    const placedEvents = await shop
      .knex("nettle_delivery")
      .where({ name: "order.placed" })
      .whereRaw("data->>'id' = ?", first.body.data.id);
    expect(placedEvents).toHaveLength(1);
  });
});
