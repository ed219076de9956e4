import { describe, expect, it } from "vitest";
import { fillCart } from "../support/builders.ts";
import { completeCart } from "./complete-cart.ts";
import {
  type AdminShopSetup,
  createDiscount,
  createShippingOption,
  createShopSetup,
  createVariant,
  unwrap,
} from "./create-in-admin.ts";
import { expectSameOnBoth } from "./expect-same-on-both.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();

const stockOf = async (id: string) =>
  (await shop.knex("product_variant").where({ id }).first()).inventory_quantity;
const orderOnBoth = async (id: string) =>
  (await expectSameOnBoth(shop, `/store/orders/${id}`)).order;

/**
 * Places an order of three items, captures and ships it in the admin, and creates a return option.
 */
async function placeShippedOrder(setup: AdminShopSetup, discounts: readonly string[] = []) {
  const { admin } = shop.medusa;
  const { id: returnOptionId } = await createShippingOption(admin, {
    region_id: setup.regionId,
    is_return: true,
    amount: 100,
  });
  const cart = await fillCart(shop.nettle.store, setup, { quantity: 3, discounts });
  const { id, items } = await completeCart(shop.nettle.store, cart.id);
  await unwrap(admin.post(`/admin/orders/${id}/capture`), "order");
  const all = items.map((item: { id: string; quantity: number }) => ({
    item_id: item.id,
    quantity: item.quantity,
  }));
  const { fulfillments } = await unwrap(
    admin.post(`/admin/orders/${id}/fulfillment`, { items: all }),
    "order",
  );
  await unwrap(
    admin.post(`/admin/orders/${id}/shipment`, { fulfillment_id: fulfillments[0].id }),
    "order",
  );
  return { id: id as string, line: items[0].id as string, way: returnOptionId as string };
}
type ShippedOrder = Awaited<ReturnType<typeof placeShippedOrder>>;

const receive = (returnId: string, items: object[]) =>
  unwrap(shop.medusa.admin.post(`/admin/returns/${returnId}/receive`, { items }), "return");

describe("a return requested at nettle", () => {
  it("is received and refunded in Medusa's admin", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const { code } = await createDiscount(shop.medusa.admin, { regions: [setup.regionId] });
    const { id: order_id, line, way: returnOptionId } = await placeShippedOrder(setup, [code]);
    const items = [{ item_id: line, quantity: 2, note: "Too tight" }];
    const body = { order_id, items, return_shipping: { option_id: returnOptionId } };
    const asked = await unwrap(shop.nettle.store.post("/store/returns", body), "return");
    expect(asked).toMatchObject({ status: "requested", refund_amount: 2 * 1071 - 119 });
    const { returns } = await unwrap(
      shop.medusa.admin.get(`/admin/orders/${order_id}?expand=returns`),
      "order",
    );
    expect(returns).toMatchObject([{ id: asked.id, refund_amount: asked.refund_amount }]);
    expect(await receive(asked.id, [{ item_id: line, quantity: 2 }])).toMatchObject({
      status: "received",
    });
    const order = await orderOnBoth(order_id);
    expect(order).toMatchObject({
      refunded_total: asked.refund_amount,
      items: [{ returned_quantity: 2 }],
    });
    expect(await stockOf(setup.variantId)).toBe(99);
    const again = await shop.nettle.store.post("/store/returns", { order_id, items });
    expect(again).toMatchObject({
      status: 400,
      body: { message: "Cannot return more items than have been purchased" },
    });
  });

  it("frees its quantity when it is canceled there", async () => {
    const { id: order_id, line } = await placeShippedOrder(
      await createShopSetup(shop.medusa.admin),
    );
    const body = { order_id, items: [{ item_id: line, quantity: 3 }] };
    const { id } = await unwrap(shop.nettle.store.post("/store/returns", body), "return");
    expect((await shop.nettle.store.post("/store/returns", body)).status).toBe(400);
    await unwrap(shop.medusa.admin.post(`/admin/returns/${id}/cancel`), "order");
    expect((await shop.nettle.store.post("/store/returns", body)).status).toBe(200);
  });
});

/**
 * Requests a swap of one item, completes its cart at nettle, and ships, receives and settles it in
 * the admin.
 */
async function completeSwap(
  { id: order_id, line, way: returnOptionId }: ShippedOrder,
  setup: AdminShopSetup,
  variant_id: string,
) {
  const { admin } = shop.medusa;
  const store = shop.nettle.store;
  const items = [{ item_id: line, quantity: 1 }];
  const body = {
    order_id,
    return_items: items,
    additional_items: [{ variant_id, quantity: 1 }],
    return_shipping_option: returnOptionId,
  };
  const swap = await unwrap(store.post("/store/swaps", body), "swap");
  await expectSameOnBoth(shop, `/store/swaps/${swap.cart_id}`);
  await unwrap(
    store.post(`/store/carts/${swap.cart_id}/shipping-methods`, { option_id: setup.optionId }),
    "cart",
  );
  await expectSameOnBoth(shop, `/store/carts/${swap.cart_id}`);
  await unwrap(store.post(`/store/carts/${swap.cart_id}/payment-sessions`), "cart");
  const completion = await store.post(`/store/carts/${swap.cart_id}/complete`);
  expect(completion).toMatchObject({ status: 200, body: { type: "swap" } });
  await expectSameOnBoth(shop, `/store/swaps/${swap.cart_id}`);
  const address = `/admin/orders/${order_id}/swaps/${swap.id}`;
  await unwrap(admin.post(`${address}/fulfillments`, {}), "order");
  const [fulfillment] = await shop.knex("fulfillment").where({ swap_id: swap.id });
  await unwrap(admin.post(`${address}/shipments`, { fulfillment_id: fulfillment.id }), "order");
  await receive(swap.return_order.id, items);
  await unwrap(admin.post(`${address}/process-payment`, {}), "order");
  await orderOnBoth(order_id);
  return {
    settled: (await expectSameOnBoth(shop, `/store/swaps/${swap.cart_id}`)).swap,
    difference: completion.body.data.difference_due,
  };
}

describe("a swap confirmed at nettle, in Medusa's admin,", () => {
  it("has its payment captured when more is due", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const dearer = await createVariant(shop.medusa.admin, { price: 2000, stock: 9 });
    const order = await placeShippedOrder(setup);
    const { settled, difference } = await completeSwap(order, setup, dearer.id);
    expect(difference).toBe(2380 + 595 + 119 - 1190);
    expect(settled).toMatchObject({
      payment_status: "captured",
      fulfillment_status: "shipped",
      return_order: { status: "received" },
      payment: { amount: difference, captured_at: expect.any(String) },
    });
    expect([await stockOf(dearer.id), await stockOf(setup.variantId)]).toEqual([8, 98]);
    const item = settled.additional_items[0].id;
    const items = [{ item_id: item, quantity: 1 }];
    const back = await unwrap(
      shop.nettle.store.post("/store/returns", { order_id: order.id, items }),
      "return",
    );
    expect(back).toMatchObject({ refund_amount: 2380 });
    expect(await receive(back.id, items)).toMatchObject({ status: "received" });
  });

  it("has the difference refunded when less is due", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const cheaper = await createVariant(shop.medusa.admin, { price: 100, stock: 9 });
    const order = await placeShippedOrder(setup);
    const { settled, difference } = await completeSwap(order, setup, cheaper.id);
    expect(difference).toBe(119 + 595 + 119 - 1190);
    expect(settled).toMatchObject({
      payment_status: "difference_refunded",
      fulfillment_status: "shipped",
      payment: null,
    });
    expect(await shop.knex("refund").where({ order_id: order.id })).toMatchObject([
      { amount: -difference, reason: "swap" },
    ]);
  });
});

describe("a swap created in Medusa's admin with a custom shipping price", () => {
  it("is confirmed at nettle", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const { id, line } = await placeShippedOrder(setup);
    const swapBody = {
      return_items: [{ item_id: line, quantity: 1 }],
      additional_items: [{ variant_id: setup.variantId, quantity: 2 }],
      custom_shipping_options: [{ option_id: setup.optionId, price: 10 }],
      allow_backorder: true,
    };
    await unwrap(shop.medusa.admin.post(`/admin/orders/${id}/swaps`, swapBody), "order");
    const { cart_id: cart, id: swapId } = await shop.knex("swap").where({ order_id: id }).first();
    const store = shop.nettle.store;
    await unwrap(
      store.post(`/store/carts/${cart}/shipping-methods`, { option_id: setup.optionId }),
      "cart",
    );
    await unwrap(store.post(`/store/carts/${cart}/payment-sessions`), "cart");
    const stock = await stockOf(setup.variantId);
    const { body } = await store.post(`/store/carts/${cart}/complete`);
    expect(body).toMatchObject({
      type: "swap",
      data: { id: swapId, payment_status: "awaiting", difference_due: 1190 + 12 },
    });
    expect(await stockOf(setup.variantId)).toBe(stock);
    await expectSameOnBoth(shop, `/store/swaps/${cart}`);
  });
});
