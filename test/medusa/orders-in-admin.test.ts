import { describe, expect, it } from "vitest";
import { fillCart } from "../support/builders.ts";
import { completeCart } from "./complete-cart.ts";
import {
  createDiscount,
  createGiftCard,
  createShippingOption,
  createShopSetup,
  createVariant,
  unwrap,
} from "./create-in-admin.ts";
import { expectSameOnBoth } from "./expect-same-on-both.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();

const rowOf = (table: string, id: string) => shop.knex(table).where({ id }).first();
const stockOf = async (id: string) => (await rowOf("product_variant", id)).inventory_quantity;

/** Does a step with an order in the admin, and returns the order as both servers show it. */
async function performInAdmin(orderId: string, step: string, body: object = {}) {
  await unwrap(shop.medusa.admin.post(`/admin/orders/${orderId}/${step}`, body), "order");
  return (await expectSameOnBoth(shop, `/store/orders/${orderId}`)).order;
}

describe.each(["nettle", "medusa"] as const)("an order placed at %s, in Medusa's admin", (from) => {
  it("is captured, fulfilled, shipped and refunded", async () => {
    const { admin } = shop.medusa;
    const setup = await createShopSetup(admin);
    const { id: discountId, code } = await createDiscount(admin, { regions: [setup.regionId] });
    const card = await createGiftCard(admin, { region_id: setup.regionId, value: 700 });
    const { id: cartId } = await fillCart(shop[from].store, setup, {
      quantity: 2,
      discounts: [code],
      giftCards: [card.code],
    });
    const { id, items, display_id } = await completeCart(shop[from].store, cartId);
    // Medusa counts the use after its answer; both servers show the count.
    const usageCount = async () => (await rowOf("discount", discountId)).usage_count;
    await expect.poll(usageCount, { timeout: 10_000 }).toBe(1);
    const placed = (await expectSameOnBoth(shop, `/store/orders/${id}`)).order;
    expect(placed).toMatchObject({
      payment_status: "awaiting",
      fulfillment_status: "not_fulfilled",
      discount_total: 200,
    });
    expect(await performInAdmin(id, "capture")).toMatchObject({
      payment_status: "captured",
      total: placed.total,
    });
    const fulfilled = await performInAdmin(id, "fulfillment", {
      items: [{ item_id: items[0].id, quantity: 1 }],
    });
    expect(fulfilled).toMatchObject({
      fulfillment_status: "partially_fulfilled",
      items: [{ fulfilled_quantity: 1 }],
    });
    const whole = await performInAdmin(id, "fulfillment", {
      items: [{ item_id: items[0].id, quantity: 1 }],
    });
    expect(whole).toMatchObject({ fulfillment_status: "fulfilled" });
    for (const { id: fulfillment_id } of whole.fulfillments)
      await performInAdmin(id, "shipment", { fulfillment_id, tracking_numbers: ["TRACK1"] });
    const shipped = (await expectSameOnBoth(shop, `/store/orders/${id}`)).order;
    expect(shipped).toMatchObject({
      fulfillment_status: "shipped",
      items: [{ shipped_quantity: 2 }],
    });
    const part = await performInAdmin(id, "refund", { amount: 300, reason: "discount" });
    expect(part).toMatchObject({ payment_status: "partially_refunded", refunded_total: 300 });
    const rest = await performInAdmin(id, "refund", {
      amount: placed.total - 300,
      reason: "other",
    });
    expect(rest).toMatchObject({ payment_status: "refunded", refunded_total: placed.total });
    await expectSameOnBoth(shop, `/store/orders/cart/${cartId}`);
    await expectSameOnBoth(shop, `/store/orders?display_id=${display_id}&email=gro@example.com`);
  });

  it("is canceled, with its payment and stock", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const { id: cartId } = await fillCart(shop[from].store, setup, { quantity: 2 });
    const { id } = await completeCart(shop[from].store, cartId);
    expect(await stockOf(setup.variantId)).toBe(98);
    const canceled = await performInAdmin(id, "cancel");
    expect(canceled).toMatchObject({ status: "canceled", payment_status: "canceled" });
    expect(await stockOf(setup.variantId)).toBe(100);
    const { payments } = await unwrap(shop.medusa.admin.get(`/admin/orders/${id}`), "order");
    expect(payments).toMatchObject([{ canceled_at: expect.any(String) }]);
  });

  it("is returned and refunded", async () => {
    const { admin } = shop.medusa;
    const setup = await createShopSetup(admin);
    const { id: back } = await createShippingOption(admin, {
      region_id: setup.regionId,
      is_return: true,
      amount: 100,
    });
    const { id: cartId } = await fillCart(shop[from].store, setup, { quantity: 2 });
    const { id, items } = await completeCart(shop[from].store, cartId);
    await performInAdmin(id, "capture");
    const { fulfillments } = await performInAdmin(id, "fulfillment", {
      items: [{ item_id: items[0].id, quantity: 2 }],
    });
    await performInAdmin(id, "shipment", { fulfillment_id: fulfillments[0].id });
    const returnItems = [{ item_id: items[0].id, quantity: 1 }];
    await performInAdmin(id, "return", {
      items: returnItems,
      return_shipping: { option_id: back, price: 100 },
    });
    const { returns } = await unwrap(admin.get(`/admin/orders/${id}?expand=returns`), "order");
    await unwrap(
      admin.post(`/admin/returns/${returns[0].id}/receive`, { items: returnItems }),
      "return",
    );
    const { order } = await expectSameOnBoth(shop, `/store/orders/${id}`);
    expect(order).toMatchObject({ items: [{ returned_quantity: 1 }] });
    expect(order.refunded_total).toBeGreaterThan(0);
    expect(await stockOf(setup.variantId)).toBe(99);
  });
});

describe.each([
  { from: "nettle", to: "medusa" },
  { from: "medusa", to: "nettle" },
] as const)("a gift card bought at $from", ({ from, to }) => {
  it("pays for an order at the other", async () => {
    const { admin } = shop.medusa;
    const setup = await createShopSetup(admin);
    const { id: variantId } = await createVariant(admin, {
      is_giftcard: true,
      discountable: false,
    });
    const bought = await completeCart(
      shop[from].store,
      (await fillCart(shop[from].store, { ...setup, variantId }, { quantity: 2 })).id,
    );
    await expectSameOnBoth(shop, `/store/orders/${bought.id}`);
    await performInAdmin(bought.id, "capture");
    const findCards = () => shop.knex("gift_card").where({ order_id: bought.id });
    await expect
      .poll(findCards, { timeout: 20_000 })
      .toMatchObject([1, 2].map(() => ({ value: 1000, balance: 1000, is_disabled: false })));
    const cards = await findCards();
    const cart = await fillCart(shop[to].store, setup, { quantity: 2, giftCards: [cards[0].code] });
    const order = await completeCart(shop[to].store, cart.id);
    expect(order).toMatchObject({ gift_card_total: 1000, total: cart.total });
    await expectSameOnBoth(shop, `/store/orders/${order.id}`);
    expect(await rowOf("gift_card", cards[0].id)).toMatchObject({ balance: 0, is_disabled: true });
    await expectSameOnBoth(shop, `/store/gift-cards/${cards[1].code}`);
  });
});

describe.each(["nettle", "medusa"] as const)("a draft order completed at %s", (at) => {
  it("is completed in the admin, too", async () => {
    const { admin } = shop.medusa;
    const setup = await createShopSetup(admin);
    const draftOrder = {
      email: "desk@example.com",
      region_id: setup.regionId,
      items: [{ variant_id: setup.variantId, quantity: 1 }],
      shipping_methods: [{ option_id: setup.optionId }],
    };
    const draft = await unwrap(admin.post("/admin/draft-orders", draftOrder), "draft_order");
    await unwrap(shop[at].store.post(`/store/carts/${draft.cart_id}/payment-sessions`), "cart");
    const { id } = await completeCart(shop[at].store, draft.cart_id);
    await expectSameOnBoth(shop, `/store/orders/${id}`);
    const after = () => unwrap(admin.get(`/admin/draft-orders/${draft.id}`), "draft_order");
    await expect
      .poll(after, { timeout: 10_000 })
      .toMatchObject({ status: "completed", order_id: id });
  });
});
