import { describe, expect, it } from "vitest";
import { aFullCart, aTill, completed } from "./a-full-cart.ts";
import { aDiscount, aGiftCard, aShippingOption, aVariant, given } from "./admin-builders.ts";
import { onBoth } from "./on-both.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();

const rowOf = (table: string, id: string) => shop.knex(table).where({ id }).first();
const stockOf = async (id: string) => (await rowOf("product_variant", id)).inventory_quantity;

/** What an admin does to an order; then both servers show the same of it, and this is it. */
async function done(orderId: string, step: string, body: object = {}) {
  await given(shop.medusa.admin.post(`/admin/orders/${orderId}/${step}`, body), "order");
  return (await onBoth(shop, `/store/orders/${orderId}`)).order;
}

describe.each(["nettle", "medusa"] as const)("an order placed at %s and worked on in Medusa's admin", (from) => {
  it("is captured, fulfilled, shipped and refunded, and shown the same by both after each step", async () => {
    const { admin } = shop.medusa;
    const till = await aTill(admin);
    const { code } = await aDiscount(admin, till.regionId);
    const card = await aGiftCard(admin, till.regionId, 700);
    const { id: cartId } = await aFullCart(shop[from].store, till, { codes: [code], cards: [card.code] });
    const { id, items, display_id } = await completed(shop[from].store, cartId);
    const placed = (await onBoth(shop, `/store/orders/${id}`)).order;
    expect(placed).toMatchObject({ payment_status: "awaiting", fulfillment_status: "not_fulfilled", discount_total: 200 });
    expect(await done(id, "capture")).toMatchObject({ payment_status: "captured", total: placed.total });
    const fulfilled = await done(id, "fulfillment", { items: [{ item_id: items[0].id, quantity: 1 }] });
    expect(fulfilled).toMatchObject({ fulfillment_status: "partially_fulfilled", items: [{ fulfilled_quantity: 1 }] });
    const whole = await done(id, "fulfillment", { items: [{ item_id: items[0].id, quantity: 1 }] });
    expect(whole).toMatchObject({ fulfillment_status: "fulfilled" });
    for (const { id: fulfillment_id } of whole.fulfillments)
      await done(id, "shipment", { fulfillment_id, tracking_numbers: ["TRACK1"] });
    const shipped = (await onBoth(shop, `/store/orders/${id}`)).order;
    expect(shipped).toMatchObject({ fulfillment_status: "shipped", items: [{ shipped_quantity: 2 }] });
    const part = await done(id, "refund", { amount: 300, reason: "discount" });
    expect(part).toMatchObject({ payment_status: "partially_refunded", refunded_total: 300 });
    const rest = await done(id, "refund", { amount: placed.total - 300, reason: "other" });
    expect(rest).toMatchObject({ payment_status: "refunded", refunded_total: placed.total });
    await onBoth(shop, `/store/orders/cart/${cartId}`);
    await onBoth(shop, `/store/orders?display_id=${display_id}&email=gro@example.com`);
  });

  it("is canceled: its payment and its pieces are given back", async () => {
    const till = await aTill(shop.medusa.admin);
    const { id: cartId } = await aFullCart(shop[from].store, till);
    const { id } = await completed(shop[from].store, cartId);
    expect(await stockOf(till.variantId)).toBe(98);
    const canceled = await done(id, "cancel");
    expect(canceled).toMatchObject({ status: "canceled", payment_status: "canceled" });
    expect(await stockOf(till.variantId)).toBe(100);
    const { payments } = await given(shop.medusa.admin.get(`/admin/orders/${id}`), "order");
    expect(payments).toMatchObject([{ canceled_at: expect.any(String) }]);
  });

  it("comes back: the return is received, refunded and counted by both", async () => {
    const { admin } = shop.medusa;
    const till = await aTill(admin);
    const { id: back } = await aShippingOption(admin, till.regionId, { is_return: true, amount: 100 });
    const { id: cartId } = await aFullCart(shop[from].store, till);
    const { id, items } = await completed(shop[from].store, cartId);
    await done(id, "capture");
    const { fulfillments } = await done(id, "fulfillment", { items: [{ item_id: items[0].id, quantity: 2 }] });
    await done(id, "shipment", { fulfillment_id: fulfillments[0].id });
    const sent = [{ item_id: items[0].id, quantity: 1 }];
    await done(id, "return", { items: sent, return_shipping: { option_id: back, price: 100 } });
    const { returns } = await given(admin.get(`/admin/orders/${id}?expand=returns`), "order");
    await given(admin.post(`/admin/returns/${returns[0].id}/receive`, { items: sent }), "return");
    const { order } = await onBoth(shop, `/store/orders/${id}`);
    expect(order).toMatchObject({ items: [{ returned_quantity: 1 }] });
    expect(order.refunded_total).toBeGreaterThan(0);
    expect(await stockOf(till.variantId)).toBe(99);
  });
});

describe.each([
  { from: "nettle", to: "medusa" },
  { from: "medusa", to: "nettle" },
] as const)("a gift card bought at $from", ({ from, to }) => {
  it("pays for an order at the other", async () => {
    const { admin } = shop.medusa;
    const till = await aTill(admin);
    const { id: variantId } = await aVariant(admin, { is_giftcard: true, discountable: false });
    const bought = await completed(shop[from].store, (await aFullCart(shop[from].store, { ...till, variantId })).id);
    await onBoth(shop, `/store/orders/${bought.id}`);
    const cards = await shop.knex("gift_card").where({ order_id: bought.id });
    expect(cards).toMatchObject([1, 2].map(() => ({ value: 1000, balance: 1000, is_disabled: false })));
    const cart = await aFullCart(shop[to].store, till, { cards: [cards[0].code] });
    const order = await completed(shop[to].store, cart.id);
    expect(order).toMatchObject({ gift_card_total: 1000, total: cart.total });
    await onBoth(shop, `/store/orders/${order.id}`);
    expect(await rowOf("gift_card", cards[0].id)).toMatchObject({ balance: 0, is_disabled: true });
    await onBoth(shop, `/store/gift-cards/${cards[1].code}`);
  });
});

describe.each(["nettle", "medusa"] as const)("a draft order completed at %s", (at) => {
  it("is done with in the admin, and its order the same for both", async () => {
    const { admin } = shop.medusa;
    const till = await aTill(admin);
    const wish = {
      email: "desk@example.com",
      region_id: till.regionId,
      items: [{ variant_id: till.variantId, quantity: 1 }],
      shipping_methods: [{ option_id: till.optionId }],
    };
    const draft = await given(admin.post("/admin/draft-orders", wish), "draft_order");
    await given(shop[at].store.post(`/store/carts/${draft.cart_id}/payment-sessions`), "cart");
    const { id } = await completed(shop[at].store, draft.cart_id);
    await onBoth(shop, `/store/orders/${id}`);
    const after = () => given(admin.get(`/admin/draft-orders/${draft.id}`), "draft_order");
    await expect.poll(after, { timeout: 10_000 }).toMatchObject({ status: "completed", order_id: id });
  });
});
