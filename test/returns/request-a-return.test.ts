import { describe, expect, it } from "vitest";
import { newId } from "../../src/database/new-id.ts";
import { asCustomer } from "../support/as-customer.ts";
import {
  aDiscount,
  aLineItem,
  anOrder,
  aRegion,
  aReturnReason,
  aShippingOption,
  aTaxRate,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

const shop = openShop();

const requestReturn = (body: unknown, headers = {}) => shop.post("/store/returns", body, headers);
const returns = () => shop.knex("return");

describe("a return is refused", () => {
  it.each([
    [
      "an empty body",
      {},
      "order_id should not be empty, order_id must be a string, items must be an array",
    ],
    [
      "items that are not a list",
      { order_id: "x", items: { item_id: "x", quantity: 1 } },
      "items must be an array",
    ],
    [
      "null",
      { order_id: "x", items: null },
      "items must be an array, each value in nested property items must be either object or array",
    ],
    [
      "items that are not objects",
      { order_id: "x", items: [5] },
      "each value in nested property items must be either object or array",
    ],
    [
      "an empty object",
      { order_id: "x", items: [{}] },
      "item_id should not be empty, item_id must be a string, quantity must not be less than 1, " +
        "quantity must be a number conforming to the specified constraints",
    ],
    [
      "quantity 0",
      { order_id: "x", items: [{ item_id: "y", quantity: 0 }] },
      "quantity must not be less than 1",
    ],
    [
      "a negative quantity",
      { order_id: "x", items: [{ item_id: "y", quantity: -1 }] },
      "quantity must not be less than 1",
    ],
    [
      "a fractional quantity",
      { order_id: "x", items: [{ item_id: "y", quantity: 1.5 }] },
      "quantity must be an integer number",
    ],
    [
      "a shipping price",
      { order_id: "x", items: [], return_shipping: { option_id: "z", price: 0 } },
      "property price should not exist",
    ],
    [
      "return_shipping that is not an object",
      { order_id: "x", items: [], return_shipping: "z" },
      "nested property return_shipping must be either object or array",
    ],
  ])("with %s", async (_, body, message) => {
    expect(await requestReturn(body)).toMatchObject({
      status: 400,
      body: { type: "invalid_data", message },
    });
  });

  it("of an unknown, foreign or canceled item, checked in Medusa's order", async () => {
    const [mine, other] = [await anOrder(shop.knex), await anOrder(shop.knex)];
    const canceled = await anOrder(shop.knex, { canceled_at: new Date() });
    const item = (id: string) => [{ item_id: id, quantity: 1 }];
    const refused: [object, number, string][] = [
      [{ order_id: "order_x", items: item("item_x") }, 404, "Line item with item_x was not found"],
      [
        { order_id: "order_x", items: item(mine.lines[0]!) },
        404,
        "Order with id: order_x was not found",
      ],
      [
        { order_id: mine.id, items: item(other.lines[0]!) },
        400,
        "Return contains invalid line item",
      ],
      [
        { order_id: mine.id, items: item(canceled.lines[0]!) },
        400,
        "Cannot create a return for a canceled item.",
      ],
    ];
    for (const [body, status, message] of refused)
      expect(await requestReturn(body)).toMatchObject({ status, body: { message } });
    const odd = Array.from({ length: 500 }, () => ({ item_id: mine.lines[0], quantity: 1e20 }));
    expect(await requestReturn({ order_id: mine.id, items: odd })).toMatchObject({
      status: 400,
      body: { type: "not_allowed" },
    });
    expect(await returns().where({ order_id: mine.id })).toEqual([]);
  });

  it("of more than the quantity that can still be returned", async () => {
    const { id: order_id, lines } = await anOrder(shop.knex, {
      lines: [{ quantity: 3, returned_quantity: 1 }],
    });
    const returnQuantity = (quantity: number) =>
      requestReturn({ order_id, items: [{ item_id: lines[0], quantity }] });
    const refused = {
      status: 400,
      body: { type: "not_allowed", message: "Cannot return more items than have been purchased" },
    };
    expect(await returnQuantity(3)).toMatchObject(refused);
    expect((await returnQuantity(1)).status).toBe(200);
    expect(await returnQuantity(2)).toMatchObject(refused);
    expect((await returnQuantity(1)).status).toBe(200);
    expect(await returnQuantity(1)).toMatchObject(refused);
    await returns().where({ order_id }).update({ status: "canceled" });
    expect((await returnQuantity(2)).status).toBe(200);
  });

  it("with an invalid reason", async () => {
    const { id: order_id, lines } = await anOrder(shop.knex);
    const top = await aReturnReason(shop.knex);
    await aReturnReason(shop.knex, { parent_return_reason_id: top.id });
    const item = { item_id: lines[0], quantity: 1 };
    const because = (reason_id: unknown) =>
      requestReturn({ order_id, items: [{ ...item, reason_id }] });
    expect(await because(top.id)).toMatchObject({
      status: 400,
      body: { message: "Cannot apply return reason category" },
    });
    expect(await because("rr_x")).toMatchObject({
      status: 404,
      body: { message: "Return_reason with reason_id rr_x does not exist." },
    });
    expect(await because(5)).toMatchObject({
      status: 400,
      body: { message: "reason_id must be a string" },
    });
    expect(await returns().where({ order_id })).toEqual([]);
  });

  it("with a repeated line", async () => {
    const { id: order_id, lines } = await anOrder(shop.knex, { lines: [{ quantity: 2 }] });
    const item = { item_id: lines[0], quantity: 1 };
    expect(await requestReturn({ order_id, items: [item, item] })).toMatchObject({
      status: 422,
      body: { type: "duplicate_error" },
    });
    expect(await returns().where({ order_id })).toEqual([]);
  });

  it("by an invalid shipping option", async () => {
    const { id: order_id, lines, region_id } = await anOrder(shop.knex);
    const option = async (attributes: object) =>
      (await aShippingOption(shop.knex, { region_id, is_return: true, ...attributes })).id;
    const by = (option_id: unknown) =>
      requestReturn({
        order_id,
        items: [{ item_id: lines[0], quantity: 1 }],
        return_shipping: { option_id },
      });
    expect(await by("so_x")).toMatchObject({
      status: 404,
      body: { message: "Shipping Option with so_x was not found" },
    });
    expect((await by(await option({ admin_only: true }))).status).toBe(404);
    expect((await by(await option({ is_return: false }))).status).toBe(400);
    expect((await by(await option({ region_id: (await aRegion(shop.knex)).id }))).status).toBe(400);
    expect(await returns().where({ order_id })).toEqual([]);
  });
});

describe("a return", () => {
  it("is requested with reasons and notes, and publishes an event", async () => {
    const { id: order_id, lines } = await anOrder(shop.knex, {
      lines: [{ quantity: 2, metadata: { engraving: "A" } }, {}],
      paid: [3570],
    });
    const reason = await aReturnReason(shop.knex);
    const items = [
      { item_id: lines[0], quantity: 2, reason_id: reason.id, note: "Too tight" },
      { item_id: lines[1], quantity: 1 },
    ];
    const { status, body, headers } = await requestReturn({ order_id, items });
    expect(status).toBe(200);
    expect(body.return).toMatchObject({
      order_id,
      status: "requested",
      swap_id: null,
      refund_amount: 3570,
      shipping_data: null,
      idempotency_key: headers["idempotency-key"],
    });
    expect(body.return.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          item_id: lines[0],
          quantity: 2,
          requested_quantity: 2,
          received_quantity: null,
          note: "Too tight",
        }),
        expect.objectContaining({ item_id: lines[1], quantity: 1, reason: null, note: null }),
      ]),
    );
    expect(body.return.items.find(({ note }: { note: unknown }) => note)).toMatchObject({
      reason: { id: reason.id },
      metadata: { engraving: "A" },
      is_requested: true,
    });
    const [event] = await shop
      .knex("nettle_delivery")
      .where({ name: "order.return_requested" })
      .orderBy("id", "desc");
    expect(event.data).toEqual({ id: order_id, return_id: body.return.id });
    const line = await shop.knex("line_item").where({ id: lines[0] }).first();
    expect(line).toMatchObject({ quantity: 2, returned_quantity: null });
  });

  it("refunds the price less discount and return shipping", async () => {
    const discount = await aDiscount(shop.knex);
    const adjustments = [{ amount: 301, discount_id: discount.id }];
    const {
      id: order_id,
      lines,
      region_id,
    } = await anOrder(shop.knex, {
      lines: [{ quantity: 3, adjustments }],
      discounts: [discount.id],
    });
    const option = await aShippingOption(shop.knex, { region_id, is_return: true, amount: 390 });
    await aTaxRate(shop.knex, { region_id, rate: 10, shipping_options: [option.id] });
    const items = [{ item_id: lines[0], quantity: 1 }];
    const { body } = await requestReturn({
      order_id,
      items,
      return_shipping: { option_id: option.id },
    });
    expect(body.return).toMatchObject({ refund_amount: 1071 - 429, shipping_data: {} });
    const method = await shop.knex("shipping_method").where({ return_id: body.return.id }).first();
    expect(method).toMatchObject({
      price: 390,
      shipping_option_id: option.id,
      order_id: null,
      cart_id: null,
    });
    const taxes = await shop
      .knex("shipping_method_tax_line")
      .where({ shipping_method_id: method.id });
    expect(taxes).toMatchObject([{ rate: 10 }]);
  });

  it("may be empty", async () => {
    const { id: order_id, region_id } = await anOrder(shop.knex);
    const option = await aShippingOption(shop.knex, { region_id, is_return: true, amount: 100 });
    const empty = await requestReturn({
      order_id,
      items: [],
      return_shipping: { option_id: option.id },
    });
    expect(empty.body.return).toMatchObject({ items: [], refund_amount: 0 });
  });

  it("may contain items of a swap", async () => {
    const { id: order_id } = await anOrder(shop.knex);
    const swap = {
      id: newId("swap"),
      order_id,
      fulfillment_status: "fulfilled",
      payment_status: "captured",
    };
    await shop.knex("swap").insert(swap);
    const line = await aLineItem(shop.knex, { swap_id: swap.id });
    const { body } = await requestReturn({ order_id, items: [{ item_id: line.id, quantity: 1 }] });
    expect(body.return).toMatchObject({ order_id, refund_amount: 1190 });
  });

  it("is returned again for the same idempotency key", async () => {
    const { id: order_id, lines } = await anOrder(shop.knex, { lines: [{ quantity: 2 }] });
    const body = { order_id, items: [{ item_id: lines[0], quantity: 1 }] };
    const key = newId("key");
    const first = await requestReturn(body, { "idempotency-key": key });
    expect(first.body.return.idempotency_key).toBe(key);
    expect((await requestReturn(body, { "idempotency-key": key })).body).toEqual(first.body);
    expect((await requestReturn({ ...body, items: [] }, { "idempotency-key": key })).status).toBe(
      422,
    );
    const unnamed = await requestReturn(body);
    expect(
      (await requestReturn(body, { "idempotency-key": unnamed.headers["idempotency-key"]! })).body,
    ).toEqual(unnamed.body);
    expect(await returns().where({ order_id })).toHaveLength(2);
  });

  it("is accepted once when it is requested twenty times at once", async () => {
    const { id: order_id, lines } = await anOrder(shop.knex, { lines: [{ quantity: 3 }] });
    const body = { order_id, items: [{ item_id: lines[0], quantity: 2 }] };
    const answers = await Promise.all(Array.from({ length: 20 }, () => requestReturn(body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
    expect(await returns().where({ order_id })).toHaveLength(1);
  });
});

describe("with AFTER_SALE_LOGIN", () => {
  const strict = openShop({ settings: { AFTER_SALE_LOGIN: "on" } });

  it("only the order's customer can request a return", async () => {
    const order = await anOrder(strict.knex);
    const body = { order_id: order.id, items: [{ item_id: order.lines[0], quantity: 1 }] };
    const other = await anOrder(strict.knex);
    expect(await strict.post("/store/returns", body)).toMatchObject({
      status: 401,
      text: "Unauthorized",
    });
    const stranger = await strict.post("/store/returns", body, asCustomer(other.customer_id));
    expect(stranger).toMatchObject({
      status: 404,
      body: { message: `Order with id: ${order.id} was not found` },
    });
    expect((await strict.post("/store/returns", body, asCustomer(order.customer_id))).status).toBe(
      200,
    );
  });
});
