import { describe, expect, it } from "vitest";
import { demoOrders } from "../../src/demo/demo-orders.ts";
import { demoCustomer } from "../../src/demo/demo-shop.ts";
import { seedDemo } from "../../src/demo/seed-demo.ts";
import { openShop } from "../support/open-shop.ts";

const shop = openShop({
  fill: async (knex) => {
    await seedDemo(knex, { publicUrl: "http://shop.test:9000", log: () => {} });
  },
});

/** Returns the headers of the demo customer. */
async function logIn() {
  const { body } = await shop.post("/store/auth/token", demoCustomer);
  return { authorization: `Bearer ${body.access_token}` };
}

/** Reads the customer's list of orders, the one placed first at the beginning. */
async function readOrders() {
  const { body } = await shop.get("/store/customers/me/orders?limit=20", await logIn());
  return body.orders.toReversed();
}

async function readOrder(displayId: number) {
  const { id } = (await readOrders())[displayId - 1];
  const query = "expand=items,payments,fulfillments,fulfillments.tracking_links,shipping_address";
  return (await shop.get(`/store/orders/${id}?${query}`)).body.order;
}

const sum = (rows: readonly { total?: number; amount?: number }[]) =>
  rows.reduce((total, row) => total + (row.total ?? row.amount ?? 0), 0);

describe("the demo customer's orders", () => {
  it("are listed with their statuses, placed over the past weeks", async () => {
    const orders = await readOrders();
    const statuses = orders.map((order: Record<string, unknown>) => [
      order["display_id"],
      order["fulfillment_status"],
      order["payment_status"],
      order["currency_code"],
    ]);
    expect(statuses).toEqual([
      [1, "partially_returned", "captured", "eur"],
      [2, "shipped", "captured", "eur"],
      [3, "shipped", "captured", "gbp"],
      [4, "shipped", "captured", "eur"],
      [5, "not_fulfilled", "awaiting", "eur"],
      [6, "not_fulfilled", "awaiting", "eur"],
    ]);
    const times = orders.map(({ created_at }: { created_at: string }) => Date.parse(created_at));
    expect(times).toEqual(times.toSorted((one: number, other: number) => one - other));
    expect(times.at(-1)).toBeLessThan(Date.now());
  });

  it("have sums that add up", async () => {
    const orders = await readOrders();
    expect(orders).toHaveLength(demoOrders.length);
    for (const order of orders) {
      const { items, shipping_methods } = order;
      expect(order.total).toBeGreaterThan(0);
      expect(sum([...items, ...shipping_methods])).toBe(order.total);
      const differences = order.swaps.map(
        ({ difference_due: amount }: { difference_due: number }) => ({
          amount,
        }),
      );
      expect(order.paid_total).toBe(order.total + sum(differences));
      expect(sum(order.payments)).toBe(order.paid_total);
    }
    expect(orders[0]).toMatchObject({ discount_total: 1070, discounts: [{ code: "WELCOME10" }] });
  });

  it("count what their codes were used for", async () => {
    const used = await shop.knex("discount").where("usage_count", ">", 0).select("code");
    expect(used).toEqual([{ code: "WELCOME10" }]);
  });

  it("have been sent with a tracking number", async () => {
    const order = await readOrder(3);
    expect(order).toMatchObject({
      shipping_address: { city: "Edinburgh" },
      fulfillments: [{ tracking_links: [{ tracking_number: "RM204417935GB" }] }],
    });
    for (const { quantity, shipped_quantity } of order.items)
      expect(shipped_quantity).toBe(quantity);
  });

  it("leave the address book as it is", async () => {
    const { body } = await shop.get("/store/customers/me", await logIn());
    expect(body.customer.shipping_addresses).toHaveLength(2);
  });
});

describe("the demo customer's returns", () => {
  const requestAgain = (
    order: { id: string; items: readonly { id: string; title: string }[] },
    title: string,
  ) =>
    shop.post("/store/returns", {
      order_id: order.id,
      items: [{ item_id: order.items.find((item) => item.title === title)!.id, quantity: 1 }],
    });

  it("have arrived and were refunded", async () => {
    const order = await readOrder(1);
    const listed = (await readOrders())[0];
    const back = await shop.knex("return").where({ order_id: order.id }).first();
    // € 79 less 10 %, plus 19 % tax, less the shipping of the return with its tax.
    expect(back).toMatchObject({ status: "received", refund_amount: 8461 - 583 });
    expect(listed.refunds).toMatchObject([{ amount: back.refund_amount, reason: "return" }]);
    expect(listed.refunded_total).toBe(back.refund_amount);
    expect(listed.payments).toMatchObject([{ amount_refunded: back.refund_amount }]);
    expect((await requestAgain(order, "Merino Base Layer")).status).toBe(400);
    expect((await requestAgain(order, "Field Notebook")).status).toBe(200);
  });

  it("are on their way", async () => {
    const order = await readOrder(4);
    const [back] = await shop.knex("return").where({ order_id: order.id });
    expect(back).toMatchObject({ status: "requested", received_at: null });
    const again = await requestAgain(order, "Longday Flask");
    expect(again).toMatchObject({
      status: 400,
      body: { message: "Cannot return more items than have been purchased" },
    });
  });
});

describe("the demo customer's swap", () => {
  it("is shown with its goods and what they cost more", async () => {
    const order = (await readOrders())[1];
    const [{ cart_id, difference_due }] = order.swaps;
    const { swap } = (await shop.get(`/store/swaps/${cart_id}`)).body;
    expect(swap).toMatchObject({
      order_id: order.id,
      payment_status: "captured",
      fulfillment_status: "shipped",
      return_order: { status: "received" },
      additional_items: [{ title: "Drover Canvas Duffel", description: "65 L / Sand" }],
      payment: { amount: difference_due },
    });
    const { cart } = (await shop.get(`/store/carts/${cart_id}`)).body;
    expect(cart).toMatchObject({ type: "swap", total: difference_due });
  });
});

describe("the demo customer's order edit", () => {
  it("waits for its payment, and then changes the order", async () => {
    const before = await readOrder(5);
    const { id, payment_collection_id: collection } = await shop
      .knex("order_edit")
      .where({ order_id: before.id })
      .first();
    const { order_edit } = (await shop.get(`/store/order-edits/${id}`)).body;
    // € 29 plus the reduced tax of 7 %.
    expect(order_edit).toMatchObject({ status: "requested", difference_due: 3103 });
    const path = `/store/payment-collections/${collection}`;
    expect((await shop.get(path)).body.payment_collection).toMatchObject({
      status: "not_paid",
      amount: 3103,
    });
    const started = await shop.post(`${path}/sessions`, { provider_id: "manual" });
    const [session] = started.body.payment_collection.payment_sessions;
    expect((await shop.post(`${path}/sessions/${session.id}/authorize`)).status).toBe(200);
    expect((await shop.post(`/store/order-edits/${id}/complete`)).status).toBe(200);
    const after = await readOrder(5);
    expect(after.items).toHaveLength(before.items.length + 1);
    expect(after.total).toBe(before.total + 3103);
    expect(after.paid_total).toBe(after.total);
  });
});
