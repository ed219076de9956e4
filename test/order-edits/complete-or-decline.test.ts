import { describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aGiftCard, anOrderEdit } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

// The edits of this file have no payment collection, though some cost more.
const shop = openShop({ settings: { ORDER_EDITS_UNPAID: "on" } });

const complete = (id: string, headers = {}) =>
  shop.post(`/store/order-edits/${id}/complete`, {}, headers);
const decline = (id: string, body: unknown = {}, headers = {}) =>
  shop.post(`/store/order-edits/${id}/decline`, body, headers);
const eventNamesOf = (id: string) =>
  shop.knex("nettle_delivery").whereRaw("data->>'id' = ?", [id]).orderBy("id").pluck("name");
const linesOf = (order_id: string) => shop.knex("line_item").where({ order_id }).orderBy("id");
const unknown = "oe_00000000000000000000000000";

describe("completing or declining an order edit is refused", () => {
  it("when it does not exist", async () => {
    for (const answer of [
      await complete(unknown),
      await decline(unknown),
      await shop.get(`/store/order-edits/${unknown}`),
    ])
      expect(answer).toBeRefused(404, {
        type: "not_found",
        message: `Order edit with id ${unknown} was not found`,
      });
  });

  it.each([
    ["created", { requested_at: null, requested_by: null }],
    ["canceled", { canceled_at: new Date(), canceled_by: "usr_1" }],
  ])("when it is %s", async (status, columns) => {
    const edit = await anOrderEdit(shop.knex, columns);
    const before = await linesOf(edit.orderId);
    const message = (verb: string, end: string) => ({
      message: `Cannot ${verb} an order edit with status ${status}${end}`,
    });
    expect(await complete(edit.id)).toBeRefused(400, {
      type: "not_allowed",
      ...message("complete", ""),
    });
    expect(await decline(edit.id)).toBeRefused(400, {
      type: "not_allowed",
      ...message("decline", "."),
    });
    expect(await linesOf(edit.orderId)).toEqual(before);
    expect(await eventNamesOf(edit.id)).toEqual([]);
  });

  it("when its payment is not authorized in full", async () => {
    const edit = await anOrderEdit(shop.knex, { due: 1190 });
    const message = "Unable to complete an order edit if the payment is not authorized";
    expect(await complete(edit.id)).toBeRefused(400, { type: "not_allowed", message });
    await shop
      .knex("payment_collection")
      .where({ id: edit.collectionId })
      .update({ status: "partially_authorized" });
    expect(await complete(edit.id)).toBeRefused(400, { message });
    expect((await shop.get(`/store/order-edits/${edit.id}`)).body.order_edit.status).toBe(
      "requested",
    );
  });

  it.each([
    [
      { declined_reason: 7, extra: 1 },
      "property extra should not exist, declined_reason must be a string",
    ],
    [[], "an unknown value was passed to the validate function"],
  ])("when the body is %j", async (body, message) => {
    const { id } = await anOrderEdit(shop.knex);
    expect(await decline(id, body)).toBeRefused(400, { type: "invalid_data", message });
  });

  it("after the other decision", async () => {
    const [declined, confirmed] = [await anOrderEdit(shop.knex), await anOrderEdit(shop.knex)];
    await decline(declined.id);
    await complete(confirmed.id);
    expect(await complete(declined.id)).toBeRefused(400, {
      message: "Cannot complete an order edit with status declined",
    });
    expect(await decline(confirmed.id)).toBeRefused(400, {
      message: "Cannot decline an order edit with status confirmed.",
    });
  });
});

describe("completing an order edit", () => {
  it("replaces the order's lines", async () => {
    const order = { lines: [{ quantity: 3 }], paid: [] };
    const edit = await anOrderEdit(shop.knex, {
      order,
      quantity: 1,
      added: [{ unit_price: 500, quantity: 4 }],
    });
    const [old] = await linesOf(edit.orderId);
    const shown = (await shop.get(`/store/order-edits/${edit.id}`)).body.order_edit;
    // 1 × 10.00 and 4 × 5.00 instead of 3 × 10.00, plus 19 percent, and shipping at 5.50.
    expect(shown).toMatchObject({
      subtotal: 3000,
      shipping_total: 500,
      tax_total: 620,
      total: 4120,
      difference_due: 0,
    });
    const stock = await shop.knex("product_variant").sum("inventory_quantity as all").first();
    const { status, body } = await complete(edit.id);
    expect([status, body.order_edit.status, body.order_edit.confirmed_at]).toEqual([
      200,
      "confirmed",
      expect.any(String),
    ]);
    expect(body.order_edit).toMatchObject({ total: 4120, difference_due: 0 });
    const now = (await shop.get(`/store/orders/${edit.orderId}`)).body.order;
    expect(now).toMatchObject({ subtotal: 3000, total: 4120 });
    expect(now.items.map((line: { quantity: number }) => line.quantity)).toEqual([1, 4]);
    expect(now.items[0]).toMatchObject({
      original_item_id: old.id,
      order_edit_id: edit.id,
      order_id: edit.orderId,
    });
    expect(await shop.knex("line_item").where({ id: old.id }).first()).toMatchObject({
      order_id: null,
      quantity: 3,
    });
    expect(await shop.knex("product_variant").sum("inventory_quantity as all").first()).toEqual(
      stock,
    );
    expect(await eventNamesOf(edit.id)).toEqual(["order-edit.confirmed"]);
  });

  it("removes a line with quantity 0, and shows the amount due", async () => {
    const edit = await anOrderEdit(shop.knex, {
      order: { lines: [{}, {}] },
      quantity: 0,
      added: [{ unit_price: 3000 }],
    });
    const shown = (await shop.get(`/store/order-edits/${edit.id}`)).body.order_edit;
    expect(shown).toMatchObject({ difference_due: 2380, payment_collection: null });
    expect(shown.changes.map((change: { type: string }) => change.type).sort()).toEqual([
      "item_add",
      "item_remove",
    ]);
    expect((await complete(edit.id)).status).toBe(200);
    expect(await linesOf(edit.orderId)).toHaveLength(2);
  });

  it("moves its payments to the order, once", async () => {
    const edit = await anOrderEdit(shop.knex, { due: 1190 });
    const collection = `/store/payment-collections/${edit.collectionId}`;
    const set = await shop.post(`${collection}/sessions`, { provider_id: "manual" });
    await shop.post(
      `${collection}/sessions/${set.body.payment_collection.payment_sessions[0].id}/authorize`,
    );
    const by = asCustomer((await aCustomer(shop.knex)).id);
    const first = await complete(edit.id, by);
    expect((await complete(edit.id)).body).toEqual(first.body);
    const { order } = (await shop.get(`/store/orders/${edit.orderId}`)).body;
    expect(order).toMatchObject({
      paid_total: 1740 + 1190,
      total: 1740 + 1190,
      payment_status: "captured",
    });
    expect(await shop.knex("order_edit").where({ id: edit.id }).first("confirmed_by")).toEqual({
      confirmed_by: expect.stringMatching(/^cus_/),
    });
    const [payment] = await shop.knex("payment").where({ order_id: edit.orderId, amount: 1190 });
    expect(await eventNamesOf(payment.id)).toEqual(["payment.updated"]);
  });

  it("changes the order once when it is requested twenty times at once", async () => {
    const edit = await anOrderEdit(shop.knex);
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete(edit.id)));
    expect(
      new Set(answers.map(({ status, body }) => `${status} ${body.order_edit.confirmed_at}`)).size,
    ).toBe(1);
    expect(await linesOf(edit.orderId)).toHaveLength(2);
    expect(await eventNamesOf(edit.id)).toEqual(["order-edit.confirmed"]);
  });

  it("wins or loses against a concurrent decline", async () => {
    for (let round = 0; round < 10; round++) {
      const edit = await anOrderEdit(shop.knex);
      const [completed, declined] = await Promise.all([complete(edit.id), decline(edit.id)]);
      const isConfirmed = completed.status === 200;
      expect([completed.status, declined.status].sort()).toEqual([200, 400]);
      expect(await eventNamesOf(edit.id)).toEqual([
        isConfirmed ? "order-edit.confirmed" : "order-edit.declined",
      ]);
      expect(await linesOf(edit.orderId)).toHaveLength(isConfirmed ? 2 : 1);
      const row = await shop.knex("order_edit").where({ id: edit.id }).first();
      expect([row.confirmed_at === null, row.declined_at === null]).toEqual([
        !isConfirmed,
        isConfirmed,
      ]);
    }
  });
});

describe("declining an order edit", () => {
  it("keeps the first reason and the order", async () => {
    const edit = await anOrderEdit(shop.knex);
    const before = await linesOf(edit.orderId);
    const first = await decline(edit.id, { declined_reason: "Too expensive" });
    expect(first.body.order_edit).toMatchObject({
      status: "declined",
      declined_reason: "Too expensive",
      declined_by: null,
    });
    expect((await decline(edit.id, { declined_reason: "Another reason" })).body).toEqual(
      first.body,
    );
    expect(await linesOf(edit.orderId)).toEqual(before);
    expect(await eventNamesOf(edit.id)).toEqual(["order-edit.declined"]);
  });

  it("records the customer, also without a reason", async () => {
    const edit = await anOrderEdit(shop.knex);
    const { body } = await decline(edit.id, { declined_reason: null }, asCustomer(edit.customerId));
    expect(body.order_edit).toMatchObject({ declined_by: edit.customerId, declined_reason: null });
  });
});

describe("reading an order edit", () => {
  it("hides internal fields and other data of the customer", async () => {
    const { id } = await anOrderEdit(shop.knex);
    const { body } = await shop.get(`/store/order-edits/${id}`);
    expect(Object.keys(body.order_edit)).not.toEqual(expect.arrayContaining(["internal_note"]));
    expect(body.order_edit).not.toHaveProperty("created_by");
    for (const name of ["internal_note", "created_by", "status", "total"])
      expect(await shop.get(`/store/order-edits/${id}?fields=${name}`)).toBeRefused(400, {
        message: `Requested fields [${name}] are not valid`,
      });
    for (const path of ["order.customer.orders", "items.order.customer.shipping_addresses", "foo"])
      expect(await shop.get(`/store/order-edits/${id}?expand=${path}`)).toBeRefused(400, {
        message: `Requested fields [${path}] are not valid`,
      });
    expect((await shop.get(`/store/order-edits/${id}?expand=order.customer`)).status).toBe(200);
  });

  it("always returns lines and totals", async () => {
    const { id } = await anOrderEdit(shop.knex);
    const { order_edit } = (
      await shop.get(`/store/order-edits/${id}?fields=id,requested_at&expand=`)
    ).body;
    expect(order_edit).toMatchObject({
      id,
      status: "requested",
      total: 2930,
      difference_due: 1190,
    });
    expect(order_edit.items[1]).toMatchObject({
      total: 1190,
      variant: {},
      tax_lines: [{ rate: 19 }],
      adjustments: [],
    });
    expect(order_edit).not.toHaveProperty("changes");
    expect(order_edit).not.toHaveProperty("order");
  });

  it("subtracts the order's gift card", async () => {
    const { id, orderId, regionId } = await anOrderEdit(shop.knex);
    const card = { region_id: regionId, value: 700, balance: 0, is_disabled: true };
    const { id: gift_card_id } = await aGiftCard(shop.knex, card);
    await shop.knex("order_gift_cards").insert({ order_id: orderId, gift_card_id });
    await shop
      .knex("gift_card_transaction")
      .insert({ id: "gct_1", gift_card_id, order_id: orderId, amount: 700, is_taxable: false });
    const { order_edit } = (await shop.get(`/store/order-edits/${id}`)).body;
    expect(order_edit).toMatchObject({
      gift_card_total: 700,
      total: 2930 - 700,
      difference_due: 1190,
    });
    await complete(id);
    expect((await shop.get(`/store/orders/${orderId}`)).body.order.total).toBe(order_edit.total);
  });
});
