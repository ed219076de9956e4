import { describe, expect, it } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { fillCart } from "../support/builders.ts";
import { completeCart } from "./complete-cart.ts";
import { createDiscount, createShopSetup, createVariant, unwrap } from "./create-in-admin.ts";
import { expectSameOnBoth } from "./expect-same-on-both.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();

const postToAdmin = (path: string, body: object, name: string) =>
  unwrap(shop.medusa.admin.post(`/admin${path}`, body), name);
const stockOf = async (id: string) =>
  (await shop.knex("product_variant").where({ id }).first()).inventory_quantity;

/**
 * Places an order of two items with ten percent off, 29.75 € before it, and creates another
 * variant.
 */
async function placeOrder(store: ApiClient) {
  const setup = await createShopSetup(shop.medusa.admin);
  const { code } = await createDiscount(shop.medusa.admin, { regions: [setup.regionId] });
  const { id: cartId } = await fillCart(store, setup, { quantity: 2, discounts: [code] });
  const order = await completeCart(store, cartId);
  return {
    id: order.id as string,
    setup,
    more: (await createVariant(shop.medusa.admin)).id as string,
  };
}

/**
 * Requests an edit in the admin: another variant, and quantity 1 for a present line unless that
 * stays.
 */
async function requestEdit(
  orderId: string,
  variant_id: string,
  quantity: number,
  present: "changes" | "stays" = "changes",
) {
  const { id } = await postToAdmin("/order-edits", { order_id: orderId }, "order_edit");
  const edit = await postToAdmin(
    `/order-edits/${id}/items`,
    { variant_id, quantity },
    "order_edit",
  );
  const { id: line } = edit.items.find(
    (item: { original_item_id: string | null }) => item.original_item_id,
  );
  if (present === "changes")
    await postToAdmin(`/order-edits/${id}/items/${line}`, { quantity: 1 }, "order_edit");
  const asked = await postToAdmin(`/order-edits/${id}/request`, {}, "order_edit");
  return {
    id: id as string,
    collection: asked.payment_collection_id as string | null,
    due: asked.difference_due as number,
  };
}

async function pay(set: ApiClient, authorize: ApiClient, collection: string) {
  const path = `/store/payment-collections/${collection}/sessions`;
  const { payment_sessions } = await unwrap(
    set.post(path, { provider_id: "manual" }),
    "payment_collection",
  );
  await unwrap(authorize.post(`${path}/${payment_sessions[0].id}/authorize`), "payment_session");
}

const scenarios = [
  { set: "nettle", authorize: "nettle", complete: "nettle" },
  { set: "medusa", authorize: "nettle", complete: "medusa" },
  { set: "nettle", authorize: "medusa", complete: "nettle" },
  { set: "medusa", authorize: "medusa", complete: "medusa" },
] as const;

describe.each(scenarios)(
  "an edit paid at $set and $authorize and completed at $complete",
  ({ set, authorize, complete }) => {
    it("becomes an order that the admin can capture, fulfill, refund and edit again", async () => {
      const order = await placeOrder(shop.nettle.store);
      await postToAdmin(`/orders/${order.id}/capture`, {}, "order");
      const edit = await requestEdit(order.id, order.more, 3);
      // 1 × 10.00 less and 3 × 10.00 more, ten percent off, plus 19 percent.
      expect(edit.due).toBe(2142);
      await expectSameOnBoth(shop, `/store/order-edits/${edit.id}`);
      await expectSameOnBoth(
        shop,
        `/store/order-edits/${edit.id}?fields=id,requested_at&expand=changes.line_item,order`,
      );
      await pay(shop[set].store, shop[authorize].store, edit.collection!);
      const { payment_collection } = await expectSameOnBoth(
        shop,
        `/store/payment-collections/${edit.collection}`,
      );
      expect(payment_collection).toMatchObject({ status: "authorized", amount: 2142 });
      const query = "fields=authorized_amount&expand=payments,payment_sessions";
      await expectSameOnBoth(shop, `/store/payment-collections/${edit.collection}?${query}`);
      const stock = [await stockOf(order.setup.variantId), await stockOf(order.more)];
      await unwrap(
        shop[complete].store.post(`/store/order-edits/${edit.id}/complete`),
        "order_edit",
      );
      const { order_edit } = await expectSameOnBoth(shop, `/store/order-edits/${edit.id}`);
      expect(order_edit).toMatchObject({ status: "confirmed", difference_due: 0 });
      const edited = (await expectSameOnBoth(shop, `/store/orders/${order.id}`)).order;
      expect(edited).toMatchObject({
        subtotal: 4000,
        total: edited.paid_total,
        payment_status: "captured",
      });
      expect(edited.payments.map(({ amount }: { amount: number }) => amount).sort()).toEqual(
        [2142, edited.total - 2142].sort(),
      );
      expect([await stockOf(order.setup.variantId), await stockOf(order.more)]).toEqual(stock);
      await processOrder(order.id, edited);
      expect([await stockOf(order.setup.variantId), await stockOf(order.more)]).toEqual(stock);
      const again = await requestEdit(order.id, order.more, 1, "stays");
      await pay(shop[set].store, shop[authorize].store, again.collection!);
      await unwrap(
        shop[complete].store.post(`/store/order-edits/${again.id}/complete`),
        "order_edit",
      );
      expect((await expectSameOnBoth(shop, `/store/orders/${order.id}`)).order).toMatchObject({
        subtotal: 5000,
      });
    });
  },
);

/** Captures, fulfills and refunds an order in the admin. */
async function processOrder(
  id: string,
  edited: { total: number; items: readonly { id: string; quantity: number }[] },
) {
  const { payments } = await postToAdmin(`/orders/${id}/capture`, {}, "order");
  const times = payments.map(({ captured_at }: { captured_at: string | null }) => captured_at);
  expect(times).toEqual([expect.any(String), expect.any(String)]);
  const items = edited.items.map(({ id: item_id, quantity }) => ({ item_id, quantity }));
  await postToAdmin(`/orders/${id}/fulfillment`, { items }, "order");
  expect((await expectSameOnBoth(shop, `/store/orders/${id}`)).order).toMatchObject({
    fulfillment_status: "fulfilled",
  });
  await postToAdmin(`/orders/${id}/refund`, { amount: edited.total, reason: "other" }, "order");
  expect((await expectSameOnBoth(shop, `/store/orders/${id}`)).order).toMatchObject({
    payment_status: "refunded",
    refunded_total: edited.total,
  });
}

describe.each(["nettle", "medusa"] as const)("an edit at %s", (at) => {
  const post = (path: string, body: object = {}) => shop[at].store.post(path, body);

  it("can be declined, with a reason that the admin sees", async () => {
    const order = await placeOrder(shop.nettle.store);
    const before = (await expectSameOnBoth(shop, `/store/orders/${order.id}`)).order;
    const edit = await requestEdit(order.id, order.more, 3);
    await unwrap(
      post(`/store/order-edits/${edit.id}/decline`, { declined_reason: "Too expensive" }),
      "order_edit",
    );
    const { order_edit } = await expectSameOnBoth(shop, `/store/order-edits/${edit.id}`);
    expect(order_edit).toMatchObject({ status: "declined", declined_reason: "Too expensive" });
    expect((await expectSameOnBoth(shop, `/store/orders/${order.id}`)).order).toEqual(before);
    expect((await requestEdit(order.id, order.more, 2)).due).toBe(1071);
  });

  it("is confirmed without a payment when it costs less", async () => {
    const order = await placeOrder(shop.nettle.store);
    await postToAdmin(`/orders/${order.id}/capture`, {}, "order");
    const { id } = await postToAdmin("/order-edits", { order_id: order.id }, "order_edit");
    const { items } = await unwrap(shop.medusa.admin.get(`/admin/order-edits/${id}`), "order_edit");
    await postToAdmin(`/order-edits/${id}/items/${items[0].id}`, { quantity: 1 }, "order_edit");
    expect(
      (await postToAdmin(`/order-edits/${id}/request`, {}, "order_edit")).payment_collection_id,
    ).toBe(null);
    await unwrap(post(`/store/order-edits/${id}/complete`), "order_edit");
    const { order: edited } = await expectSameOnBoth(shop, `/store/orders/${order.id}`);
    expect(edited.paid_total - edited.total).toBe(1071);
    await postToAdmin(`/orders/${order.id}/refund`, { amount: 1071, reason: "other" }, "order");
    expect((await expectSameOnBoth(shop, `/store/orders/${order.id}`)).order.refunded_total).toBe(
      1071,
    );
  });

  it("leaves the same rows", async () => {
    const order = await placeOrder(shop.nettle.store);
    const edit = await requestEdit(order.id, order.more, 3);
    await pay(shop[at].store, shop[at].store, edit.collection!);
    await unwrap(post(`/store/order-edits/${edit.id}/complete`), "order_edit");
    const of = (table: string, where: object) => shop.knex(table).where(where);
    const lines = await of("line_item", { order_edit_id: edit.id });
    expect(
      lines.map(({ order_id, cart_id, quantity }) => ({ order_id, cart_id, quantity })),
    ).toEqual(
      expect.arrayContaining(
        [1, 3].map((quantity) => ({ order_id: order.id, cart_id: null, quantity })),
      ),
    );
    const [payment] = await of("payment", { order_id: order.id, amount: 2142 });
    const nothing = {
      cart_id: null,
      swap_id: null,
      captured_at: null,
      canceled_at: null,
      idempotency_key: null,
      metadata: null,
    };
    expect(payment).toMatchObject({
      currency_code: "eur",
      provider_id: "manual",
      data: { status: "authorized" },
      ...nothing,
    });
    expect(
      await of("payment_collection_payments", { payment_collection_id: edit.collection }),
    ).toMatchObject([{ payment_id: payment.id }]);
    const [link] = await of("payment_collection_sessions", {
      payment_collection_id: edit.collection,
    });
    expect(await of("payment_session", { id: link.payment_session_id }).first()).toMatchObject({
      cart_id: null,
      is_selected: null,
      is_initiated: true,
      status: "authorized",
      amount: 2142,
      payment_authorized_at: expect.anything(),
    });
    expect(await of("payment_collection", { id: edit.collection }).first()).toMatchObject({
      status: "authorized",
      authorized_amount: 2142,
    });
    expect(await of("order_edit", { id: edit.id }).first()).toMatchObject({
      confirmed_by: null,
      declined_at: null,
      canceled_at: null,
    });
    expect(await of("order", { id: order.id }).first()).toMatchObject({
      payment_status: "awaiting",
      status: "pending",
    });
  });
});
