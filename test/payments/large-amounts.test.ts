import { afterAll, describe, expect, it } from "vitest";
import {
  aFilledCart,
  aPrice,
  aShippingOption,
  aShopSetup,
  type ShopSetup,
} from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import "../support/to-be-refused.ts";

/** The largest amount that Medusa's columns hold. */
const MAX_AMOUNT = 2_147_483_647;

describe("a cart that costs more than Medusa's columns hold", () => {
  const shop = openShop();

  it("is refused in words wherever it cannot be paid, and stays as it was", async () => {
    const { regionId, variantId } = await aShopSetup(shop.knex, { price: MAX_AMOUNT - 1 });
    const option = await aShippingOption(shop.knex, { region_id: regionId, amount: 500 });
    const id = await aFilledCart(shop, { regionId, variantId });
    const path = `/store/carts/${id}`;
    const before = (await shop.get(path)).body.cart;
    expect(before.payment_session.amount).toBe(MAX_AMOUNT - 1);
    const refusal = { type: "invalid_data" };
    const line = { variant_id: variantId, quantity: 1 };
    for (const answer of [
      await shop.post(`${path}/line-items`, line),
      await shop.post(`${path}/line-items/${before.items[0].id}`, { quantity: 2 }),
      await shop.post(`${path}/shipping-methods`, { option_id: option.id }),
    ])
      expect(answer).toBeRefused(400, refusal);
    expect((await shop.get(path)).body.cart).toMatchObject({
      total: MAX_AMOUNT - 1,
      shipping_methods: [],
      items: [{ quantity: 1 }],
    });
    const items = [{ ...line, quantity: 2 }];
    const { body } = await shop.post("/store/carts", { region_id: regionId, items });
    expect(body.cart.total).toBe(2 * (MAX_AMOUNT - 1));
    expect(await shop.post(`/store/carts/${body.cart.id}/payment-sessions`)).toBeRefused(400);
    expect((await shop.post(`${path}/complete`)).body.type).toBe("order");
  });
});

/** The columns that a shop must widen to sell for more. */
const WIDENED = [
  ["money_amount", "amount"],
  ["line_item", "unit_price"],
  ["payment_session", "amount"],
  ["payment", "amount"],
  ["return", "refund_amount"],
] as const;

const service = await startFakePaymentProvider();
afterAll(() => service.close());

describe("a shop that has widened Medusa's columns", () => {
  const shop = openShop({
    providers: { payment: [remotePaymentProvider(service.url)] },
    fill: async (knex) => {
      for (const column of WIDENED)
        await knex.raw("alter table ?? alter column ?? type bigint", [...column]);
    },
  });
  const price = 3_000_000_000;

  async function aSetup(provider: string): Promise<ShopSetup> {
    const region = { currency_code: "jpy" };
    const setup = await aShopSetup(shop.knex, { providers: [provider], region });
    await aPrice(shop.knex, {
      variant_id: setup.variantId,
      amount: price,
      currency_code: "jpy",
    });
    return setup;
  }

  it.each(["manual", "remote"])("sells what costs more, and takes it back (%s)", async (by) => {
    const id = await aFilledCart(shop, await aSetup(by), { quantity: 2 });
    const { body } = await shop.post(`/store/carts/${id}/complete`);
    const { data: order } = body;
    expect(order).toMatchObject({
      total: 2 * price,
      paid_total: 2 * price,
      payments: [{ amount: 2 * price }],
    });
    const items = [{ item_id: order.items[0].id, quantity: 2 }];
    const returned = await shop.post("/store/returns", { order_id: order.id, items });
    expect(returned.body.return.refund_amount).toBe(2 * price);
  });

  it("gives a payment up, and lets the shopper go on", async () => {
    const setup = await aSetup("remote");
    const id = await aFilledCart(shop, setup);
    const path = `/store/carts/${id}`;
    const { body } = await shop.get(path);
    const removed = await shop.delete(`${path}/line-items/${body.cart.items[0].id}`);
    expect(removed.body.cart).toMatchObject({ items: [], payment_sessions: [] });
    await shop.post(`${path}/line-items`, { variant_id: setup.variantId, quantity: 1 });
    await shop.post(`${path}/payment-sessions`);
    expect((await shop.post(`${path}/complete`)).body).toMatchObject({ data: { total: price } });
  });
});
