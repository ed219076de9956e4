import { afterAll, describe, expect, it } from "vitest";
import {
  aDiscount,
  aGiftCard,
  aShippedOrder,
  aShippingOption,
  type ShippedOrder,
} from "../support/builders.ts";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { aSwap, aSwapSetup, swapRequest } from "./a-swap.ts";

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePaymentProvider(service.url)] } });

const complete = (cart: string) => shop.post(`/store/carts/${cart}/complete`);
const stockOf = async (id: string) =>
  (await shop.knex("product_variant").where({ id }).first()).inventory_quantity;
const rowOf = (id: string) => shop.knex("swap").where({ id }).first();
const paymentsOf = (cart_id: string) => shop.knex("payment").where({ cart_id });
const returnedVariant = async ({ lines }: ShippedOrder) =>
  (await shop.knex("line_item").where({ id: lines[0] }).first()).variant_id as string;
const aRemoteSwap = async (stock = 5, quantities = { returned: 1, additional: 1 }) => {
  const setup = await aSwapSetup(shop.knex, { providers: ["remote"], stock });
  const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
  return { setup, order, ...(await aSwap(shop, swapRequest(order, setup, quantities))) };
};
const expectRefused = async (cart: string, status: number, message: unknown) => {
  const { held } = service.ledger.totals();
  expect(await complete(cart)).toMatchObject({ status, body: { message } });
  expect(service.ledger.totals().held).toBe(held);
  expect((await shop.get(`/store/carts/${cart}`)).body.cart).toMatchObject({
    completed_at: null,
    payment_authorized_at: null,
  });
  expect(await shop.knex("nettle_checkout").where({ cart_id: cart })).toEqual([]);
};

describe("completing a swap's cart is refused", () => {
  it("without a payment session for the amount due", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const { body } = await shop.post("/store/swaps", swapRequest(order, setup));
    await expectRefused(
      body.swap.cart_id,
      400,
      "You cannot complete a cart without a payment session.",
    );
  });

  it("once the swap is canceled", async () => {
    const { id, cartId } = await aRemoteSwap();
    await shop.knex("swap").where({ id }).update({ canceled_at: new Date() });
    await expectRefused(cartId, 400, "Cart related to canceled swap cannot be completed");
  });

  it("once its return is canceled", async () => {
    const { returnId, cartId } = await aRemoteSwap();
    await shop.knex("return").where({ id: returnId }).update({ status: "canceled" });
    await expectRefused(cartId, 400, "The return of the swap was canceled");
  });

  it("once the order is canceled", async () => {
    const { order, cartId } = await aRemoteSwap();
    await shop.knex("order").where({ id: order.id }).update({ canceled_at: new Date() });
    await expectRefused(cartId, 400, "Cannot create a swap on a canceled item.");
  });

  it("when the items are returned already", async () => {
    const { order, cartId } = await aRemoteSwap();
    const items = [{ item_id: order.lines[0], quantity: 2 }];
    expect((await shop.post("/store/returns", { order_id: order.id, items })).status).toBe(200);
    await expectRefused(cartId, 400, "Cannot return more items than have been purchased");
    await shop.knex("return").where({ order_id: order.id }).update({ status: "received" });
    await shop.knex("line_item").where({ id: order.lines[0] }).update({ returned_quantity: 2 });
    await expectRefused(cartId, 400, "Cannot return more items than have been purchased");
  });

  it("when the additional items are sold out, and voids the payment", async () => {
    const { setup, cartId } = await aRemoteSwap(1);
    await shop
      .knex("product_variant")
      .where({ id: setup.variantId })
      .update({ inventory_quantity: 0 });
    await expectRefused(
      cartId,
      409,
      expect.stringContaining("does not have the required inventory"),
    );
    expect((await complete(cartId)).body.errors).toMatchObject([
      { code: "insufficient_inventory", type: "not_allowed" },
    ]);
    await shop
      .knex("product_variant")
      .where({ id: setup.variantId })
      .update({ inventory_quantity: 1 });
    await shop.post(`/store/carts/${cartId}/payment-sessions`);
    expect((await complete(cartId)).body.type).toBe("swap");
  });

  it("with a gift card that another server added", async () => {
    const { setup, cartId } = await aRemoteSwap();
    const card = await aGiftCard(shop.knex, { region_id: setup.regionId });
    await shop.knex("cart_gift_cards").insert({ cart_id: cartId, gift_card_id: card.id });
    await expectRefused(cartId, 400, "Gift cards cannot pay for a swap");
  });
});

describe("completing a swap's cart", () => {
  it("charges the difference and confirms the swap", async () => {
    const { setup, order, id, cartId } = await aRemoteSwap();
    const option = await aShippingOption(shop.knex, { region_id: setup.regionId, amount: 100 });
    await shop.post(`/store/carts/${cartId}/shipping-methods`, { option_id: option.id });
    const back = await returnedVariant(order);
    const [was, { authorized }] = [await stockOf(back), service.ledger.totals()];
    const { status, body } = await complete(cartId);
    expect([status, body.type]).toEqual([200, "swap"]);
    const due = 2380 + 119 - 1190;
    const facts = {
      id,
      payment_status: "awaiting",
      fulfillment_status: "not_fulfilled",
      difference_due: due,
      order_id: order.id,
    };
    expect(body.data).toMatchObject({
      ...facts,
      shipping_address: { city: "Berlin" },
      cart_id: cartId,
    });
    expect(body.data.confirmed_at).toEqual(expect.any(String));
    expect(service.ledger.totals().authorized).toBe(authorized + due);
    expect(await paymentsOf(cartId)).toMatchObject([
      { amount: due, swap_id: id, order_id: order.id, captured_at: null, canceled_at: null },
    ]);
    expect([await stockOf(setup.variantId), await stockOf(back)]).toEqual([4, was]);
    expect(await shop.knex("shipping_method").where({ cart_id: cartId })).toMatchObject([
      { swap_id: id },
    ]);
    expect((await shop.get(`/store/swaps/${cartId}`)).body.swap).toMatchObject({
      ...facts,
      payment: { amount: due },
    });
    const { cart } = (await shop.get(`/store/carts/${cartId}`)).body;
    expect(cart).toMatchObject({ total: due, payment_id: expect.stringMatching(/^pay_/) });
    expect(cart.completed_at).toEqual(expect.any(String));
    const [event] = await shop
      .knex("nettle_delivery")
      .where({ name: "swap.payment_completed" })
      .orderBy("id", "desc");
    expect(event.data).toEqual({ id, no_notification: true });
    expect((await complete(cartId)).body).toEqual(body);
    expect((await shop.post(`/store/carts/${cartId}/complete-cart`)).body).toEqual(body);
    expect(await paymentsOf(cartId)).toHaveLength(1);
  });

  it.each([
    ["nothing is due", 1, { payment_status: "confirmed", difference_due: 0 }],
    ["money is refunded", 2, { payment_status: "awaiting", difference_due: -1190 }],
  ])("charges nothing when %s", async (_, returned, data) => {
    const setup = await aSwapSetup(shop.knex, { price: 1000, stock: 5 });
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const body = swapRequest(order, setup, { returned, additional: 1 });
    const { cartId } = await aSwap(shop, body);
    expect((await complete(cartId)).body.data).toMatchObject(data);
    expect(await paymentsOf(cartId)).toEqual([]);
    expect(await stockOf(setup.variantId)).toBe(4);
  });

  it("needs no stock when backorders are allowed", async () => {
    const { setup, id, cartId } = await aRemoteSwap(1);
    await shop
      .knex("product_variant")
      .where({ id: setup.variantId })
      .update({ inventory_quantity: 0 });
    await shop.knex("swap").where({ id }).update({ allow_backorder: true });
    expect((await complete(cartId)).body.type).toBe("swap");
    expect(await stockOf(setup.variantId)).toBe(0);
  });

  it("includes lines that the shopper added", async () => {
    const { setup, id, cartId } = await aRemoteSwap();
    await shop.post(`/store/carts/${cartId}/line-items`, {
      variant_id: setup.variantId,
      quantity: 1,
      metadata: { gift: true },
    });
    expect((await complete(cartId)).body.data).toMatchObject({ difference_due: 2 * 2380 - 1190 });
    const { additional_items } = (await shop.get(`/store/swaps/${cartId}`)).body.swap;
    expect(additional_items.map(({ swap_id }: { swap_id: string }) => swap_id)).toEqual([id, id]);
    expect(await stockOf(setup.variantId)).toBe(3);
  });

  it("allows a return of the additional items", async () => {
    const { order, cartId } = await aRemoteSwap();
    const line = (await shop.get(`/store/swaps/${cartId}`)).body.swap.additional_items[0].id;
    const back = () =>
      shop.post("/store/returns", { order_id: order.id, items: [{ item_id: line, quantity: 1 }] });
    expect(await back()).toMatchObject({
      status: 400,
      body: { message: "Return contains invalid line item" },
    });
    await complete(cartId);
    expect((await back()).body.return).toMatchObject({ refund_amount: 2380 });
  });

  it("counts a new discount, but not the order's own again", async () => {
    const setup = await aSwapSetup(shop.knex);
    const own = await aDiscount(shop.knex, { usage_limit: 5, usage_count: 5 });
    const fresh = await aDiscount(shop.knex, { usage_limit: 5 });
    const usesOf = async (id: string) =>
      (await shop.knex("discount").where({ id }).first()).usage_count;
    const order = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      discounts: [own.id],
    });
    const first = await aSwap(shop, swapRequest(order, setup));
    expect((await complete(first.cartId)).body.type).toBe("swap");
    const second = await aSwap(shop, swapRequest(order, setup));
    expect(
      (await shop.post(`/store/carts/${second.cartId}`, { discounts: [{ code: fresh.code }] }))
        .status,
    ).toBe(200);
    await shop.post(`/store/carts/${second.cartId}/payment-sessions`);
    expect((await complete(second.cartId)).body.type).toBe("swap");
    expect([await usesOf(own.id), await usesOf(fresh.id)]).toEqual([5, 1]);
  });

  it("issues gift cards among the additional items", async () => {
    const setup = await aSwapSetup(shop.knex, { price: 3000 });
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    await shop.knex("product").where({ id: setup.productId }).update({ is_giftcard: true });
    const { cartId } = await aSwap(shop, swapRequest(order, setup));
    expect((await complete(cartId)).body.type).toBe("swap");
    expect(await shop.knex("gift_card").where({ order_id: order.id })).toMatchObject([
      { balance: 3000 },
    ]);
  });

  it("answers requires_more first when the provider does", async () => {
    const { id, cartId } = await aRemoteSwap();
    service.setFailureMode({ step: "authorize", kind: "requires_more" });
    expect((await complete(cartId)).body).toMatchObject({
      type: "cart",
      payment_status: "requires_more",
      data: { id: cartId },
    });
    expect((await complete(cartId)).body).toMatchObject({ type: "swap", data: { id } });
  });

  it("confirms one of several swaps of the same item", async () => {
    const setup = await aSwapSetup(shop.knex, { providers: ["remote"] });
    const order = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      lines: [{ quantity: 1 }],
    });
    const swaps = await Promise.all(
      Array.from({ length: 6 }, () => aSwap(shop, swapRequest(order, setup))),
    );
    const answers = await Promise.all(swaps.map(({ cartId }) => complete(cartId)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(5);
    const items = [{ item_id: order.lines[0], quantity: 1 }];
    expect((await shop.post("/store/returns", { order_id: order.id, items })).status).toBe(400);
    expect(
      (await shop.knex("swap").where({ order_id: order.id }).whereNotNull("confirmed_at")).length,
    ).toBe(1);
  });
});

describe("a swap's cart completed twenty times at once", () => {
  it("confirms it once with one payment", async () => {
    const { setup, id, cartId } = await aRemoteSwap();
    const { authorized } = service.ledger.totals();
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete(cartId)));
    expect(new Set(answers.map(({ body }) => body.data?.id))).toEqual(new Set([id]));
    expect(service.ledger.totals().authorized).toBe(authorized + 1190);
    expect([await paymentsOf(cartId), await stockOf(setup.variantId)]).toEqual([
      [expect.anything()],
      4,
    ]);
    expect(await rowOf(id)).toMatchObject({ difference_due: 1190 });
  });
});
