import { describe, expect, it } from "vitest";
import { newId } from "../../src/database/new-id.ts";
import { asCustomer } from "../support/as-customer.ts";
import {
  aDiscount,
  aGiftCard,
  aProduct,
  aShippedOrder,
  aShippingOption,
  aTaxRate,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { aSwap, aSwapSetup, swapRequest } from "./a-swap.ts";

const shop = openShop();
const requestSwap = (body: unknown, headers = {}) => shop.post("/store/swaps", body, headers);
const swapsOf = (order_id: string) => shop.knex("swap").where({ order_id });
const cartOf = async (id: string) => (await shop.get(`/store/carts/${id}`)).body.cart;

describe("a swap is refused", () => {
  it.each([
    [
      {},
      "order_id should not be empty, order_id must be a string, return_items must be an array, " +
        "additional_items must be an array",
    ],
    [
      {
        order_id: 5,
        return_items: [{ item_id: "", quantity: 0 }],
        additional_items: [{ quantity: "1" }],
        return_shipping_option: 3,
        note: "x",
      },
      "property note should not exist, order_id must be a string, item_id should not be empty, " +
        "quantity must not be less than 1, variant_id should not be empty, " +
        "variant_id must be a string, quantity must not be less than 1, " +
        "quantity must be a number conforming to the specified constraints, " +
        "return_shipping_option must be a string",
    ],
  ])("with the body %j", async (body, message) => {
    expect(await requestSwap(body)).toMatchObject({
      status: 400,
      body: { type: "invalid_data", message },
    });
  });

  it("of an order or items that cannot be swapped", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const unpaid = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      payment_status: "awaiting",
    });
    const unsent = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      fulfillment_status: "not_fulfilled",
    });
    const canceled = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      canceled_at: new Date(),
    });
    const body = swapRequest(order, setup);
    const item = (item_id: string | undefined, quantity = 1) => ({
      ...body,
      return_items: [{ item_id, quantity }],
    });
    const variant = (variant_id: string, quantity = 1) => ({
      ...body,
      additional_items: [{ variant_id, quantity }],
    });
    const { variants } = await aProduct(shop.knex, { variants: [{ title: "Brass", prices: [] }] });
    const refused: [object, number, string][] = [
      [{ ...body, order_id: "order_x" }, 404, "Order with id: order_x was not found"],
      [swapRequest(unpaid, setup), 400, "Cannot swap an order that has not been captured"],
      [swapRequest(unsent, setup), 400, "Cannot swap an order that has not been fulfilled"],
      [item(canceled.lines[0]), 400, "Cannot create a swap on a canceled item."],
      [
        {
          ...item("item_x"),
          ...variant("variant_x"),
          return_items: [{ item_id: "item_x", quantity: 1 }],
        },
        400,
        "Unable to generate the line items, some variant has not been found: variant_x",
      ],
      [item("item_x"), 404, "Line item with item_x was not found"],
      [item(unpaid.lines[0]), 400, "Return contains invalid line item"],
      [item(order.lines[0], 3), 400, "Cannot return more items than have been purchased"],
      [
        variant(variants[0]!.id),
        400,
        'Cannot generate line item for variant "Brass" without a price',
      ],
      [
        variant(setup.variantId, 3_000_000_000),
        400,
        "quantity must not be greater than 2147483647",
      ],
      [{ ...body, return_shipping_option: "so_x" }, 404, "Shipping Option with so_x was not found"],
    ];
    for (const [input, status, message] of refused)
      expect(await requestSwap(input)).toMatchObject({ status, body: { message } });
    expect(await swapsOf(order.id)).toEqual([]);
    expect(await shop.knex("cart").where({ type: "swap" })).toEqual([]);
  });
});

describe("a swap", () => {
  it("has a return, and a cart with the returned lines at negative prices", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      lines: [{ quantity: 2, rates: [10] }],
    });
    const way = await aShippingOption(shop.knex, {
      region_id: setup.regionId,
      is_return: true,
      amount: 300,
    });
    const { status, body, headers } = await requestSwap({
      ...swapRequest(order, setup),
      return_shipping_option: way.id,
    });
    expect(status).toBe(200);
    const { swap } = body;
    expect(swap).toMatchObject({
      order_id: order.id,
      payment_status: "not_paid",
      fulfillment_status: "not_fulfilled",
      difference_due: null,
      idempotency_key: headers["idempotency-key"],
      order: { id: order.id },
      additional_items: [
        { variant_id: setup.variantId, unit_price: 2000, order_id: null, swap_id: swap.id },
      ],
      return_order: {
        status: "requested",
        order_id: null,
        refund_amount: 1100 - 357,
        no_notification: true,
      },
      cart: {
        type: "swap",
        metadata: { swap_id: swap.id, parent_order_id: order.id },
        customer_id: order.customer_id,
      },
    });
    expect(swap).not.toHaveProperty("no_notification");
    expect((await shop.get(`/store/swaps/${swap.cart_id}`)).body.swap).toMatchObject({
      id: swap.id,
      no_notification: true,
      allow_backorder: false,
    });
    const cart = await cartOf(swap.cart_id);
    const facts = cart.items.map(
      ({ title, is_return, unit_price, quantity, total }: Record<string, unknown>) => {
        return { title, is_return, unit_price, quantity, total };
      },
    );
    expect(facts).toEqual([
      expect.objectContaining({ is_return: false, unit_price: 2000, quantity: 1, total: 2380 }),
      { title: "Return shipping", is_return: true, unit_price: 300, quantity: 1, total: 357 },
      { title: "Kettle", is_return: true, unit_price: -1000, quantity: 1, total: -1100 },
    ]);
    expect(cart).toMatchObject({ total: 2380 + 357 - 1100, discounts: [], payment_sessions: [] });
    const events = await shop
      .knex("nettle_delivery")
      .whereIn("name", ["swap.created", "cart.created"])
      .orderBy("id");
    expect(events.map(({ name, data }) => [name, data])).toEqual([
      ["swap.created", { id: swap.id, no_notification: true }],
      ["cart.created", { id: swap.cart_id }],
    ]);
  });

  it("applies the order's discount to additional and returned lines", async () => {
    const setup = await aSwapSetup(shop.knex);
    const discount = await aDiscount(shop.knex);
    const adjustments = [{ amount: 400, discount_id: discount.id }];
    const order = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      lines: [{ quantity: 4, rates: [], adjustments }],
      discounts: [discount.id],
    });
    const { body } = await requestSwap(swapRequest(order, setup, { returned: 3, additional: 1 }));
    const cart = await cartOf(body.swap.cart_id);
    expect(cart.items).toMatchObject([
      { discount_total: 200 },
      { discount_total: -300, total: -2700 },
    ]);
    expect(body.swap.return_order.refund_amount).toBe(2700);
    const without = await shop.delete(`/store/carts/${cart.id}/discounts/${discount.code}`);
    expect(without.body.cart.discounts).toEqual([]);
    const [instead, back] = without.body.cart.items;
    expect([instead.discount_total, back.discount_total, back.total]).toEqual([0, -300, -2700]);
    expect(back.adjustments).toMatchObject([{ amount: -300, discount_id: discount.id }]);
  });

  it("taxes return shipping with included taxes once", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const way = await aShippingOption(shop.knex, {
      region_id: setup.regionId,
      is_return: true,
      amount: 1190,
      includes_tax: true,
    });
    const { body } = await requestSwap({
      ...swapRequest(order, setup),
      return_shipping_option: way.id,
    });
    expect((await cartOf(body.swap.cart_id)).items[1]).toMatchObject({
      title: "Return shipping",
      total: 1190,
      tax_total: 190,
    });
    expect(body.swap.return_order.refund_amount).toBe(1190 - 1190);
  });

  it("is found by its cart only", async () => {
    for (const id of ["cart_x", newId("cart")])
      expect(await shop.get(`/store/swaps/${id}`)).toMatchObject({
        status: 404,
        body: { message: "Swap was not found" },
      });
  });

  it("is created once for an idempotency key", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const key = { "idempotency-key": newId("key") };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => requestSwap(swapRequest(order, setup), key)),
    );
    expect(new Set(answers.map(({ body }) => body.swap.id)).size).toBe(1);
    expect(await swapsOf(order.id)).toHaveLength(1);
  });
});

describe("the cart of a swap", () => {
  const notAllowed = { status: 400, body: { type: "not_allowed" } };

  it("keeps its region", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const { cartId } = await aSwap(shop, swapRequest(order, setup));
    const body = { region_id: (await aSwapSetup(shop.knex)).regionId };
    expect(await shop.post(`/store/carts/${cartId}`, body)).toMatchObject(notAllowed);
  });

  it("takes no gift cards", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const { cartId } = await aSwap(shop, swapRequest(order, setup));
    const { code } = await aGiftCard(shop.knex, { region_id: setup.regionId });
    const body = { gift_cards: [{ code }] };
    expect(await shop.post(`/store/carts/${cartId}`, body)).toMatchObject(notAllowed);
  });

  it("keeps its returned lines, also when its customer reads it", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const { cartId } = await aSwap(shop, swapRequest(order, setup));
    const before = await cartOf(cartId);
    const back = before.items[1];
    const line = `/store/carts/${cartId}/line-items/${back.id}`;
    expect([
      (await shop.post(line, { quantity: 2 })).status,
      (await shop.delete(line)).status,
    ]).toEqual([400, 400]);
    await shop.knex("customer").where({ id: order.customer_id }).update({ has_account: true });
    const looked = await shop.get(`/store/carts/${cartId}`, asCustomer(order.customer_id));
    expect(looked.body.cart.items[1]).toMatchObject({ unit_price: -1000, total: back.total });
    expect(looked.body.cart.total).toBe(before.total);
  });

  it("may change its address without changing the order's", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, { region_id: setup.regionId });
    const { cartId } = await aSwap(shop, swapRequest(order, setup));
    const { body } = await shop.post(`/store/carts/${cartId}`, {
      shipping_address: { city: "Bremen" },
    });
    expect(body.cart.shipping_address).toMatchObject({ city: "Bremen", postal_code: "10115" });
    const shown = await shop.get(`/store/orders/${order.id}`);
    expect(shown.body.order.shipping_address).toMatchObject({ city: "Berlin" });
  });

  it("taxes additional lines at today's rates and returned lines at the order's", async () => {
    const setup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, {
      region_id: setup.regionId,
      lines: [{ quantity: 1, rates: [7] }],
    });
    await aTaxRate(shop.knex, {
      region_id: setup.regionId,
      rate: 5,
      products: [setup.productId],
    });
    const { body } = await requestSwap(swapRequest(order, setup));
    const { items } = await cartOf(body.swap.cart_id);
    expect(
      items.map(({ tax_lines }: { tax_lines: { rate: number }[] }) =>
        tax_lines.map((line) => line.rate),
      ),
    ).toEqual([[5], [7]]);
  });
});

describe("with AFTER_SALE_LOGIN", () => {
  const strict = openShop({ settings: { AFTER_SALE_LOGIN: "on" } });

  it("only the order's customer can request a swap", async () => {
    const setup = await aSwapSetup(strict.knex);
    const order = await aShippedOrder(strict.knex, { region_id: setup.regionId });
    const other = await aShippedOrder(strict.knex, { region_id: setup.regionId });
    const body = swapRequest(order, setup);
    expect((await strict.post("/store/swaps", body)).status).toBe(401);
    expect((await strict.post("/store/swaps", body, asCustomer(other.customer_id))).status).toBe(
      404,
    );
    expect((await strict.post("/store/swaps", body, asCustomer(order.customer_id))).status).toBe(
      200,
    );
  });
});
