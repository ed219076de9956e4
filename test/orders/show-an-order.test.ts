import { describe, expect, it } from "vitest";
import { newId } from "../../src/database/new-id.ts";
import { aDiscount, aLineItem, anOrder } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("showing an order", () => {
  const shop = openShop();

  it("answers 404 for unknown orders", async () => {
    expect(await shop.get("/store/orders/order_nope")).toBeRefused(404, {
      type: "not_found",
      message: "Order with id order_nope was not found",
    });
    for (const named of ["total", "%2Brefundable_amount", "items.refundable"])
      expect(await shop.get(`/store/orders/order_nope?fields=${named}`)).toBeRefused(404, {
        message: "Order with id: order_nope was not found",
      });
    expect(await shop.get("/store/orders/cart/cart_nope")).toBeRefused(404, {
      message: "Order with cart id cart_nope was not found",
    });
  });

  it("refuses unknown fields and relations", async () => {
    const { id } = await anOrder(shop.knex);
    for (const path of [`/store/orders/${id}`, `/store/orders/cart/cart_x`]) {
      expect(await shop.get(`${path}?expand=bogus,cart`)).toBeRefused(400, {
        type: "invalid_data",
        message: "Requested fields [bogus, cart] are not valid",
      });
      for (const hostile of [
        "expand=items.order.customer",
        "expand=customer.orders",
        "expand=__proto__",
        "fields=metadata",
        "fields=password_hash",
        "fields=constructor",
        "fields[]=id&fields[]=email",
        "expand[a]=b",
        "limit=3",
        `expand=${"items.order.".repeat(200)}items`,
      ])
        expect(await shop.get(`${path}?${hostile}`), hostile).toBeRefused(400);
    }
    expect(await shop.get("/store/orders/%00")).toBeRefused(400);
  });

  it("returns all totals, whatever is requested", async () => {
    const { id } = await anOrder(shop.knex, { paid: [1740, 100], refunded: [40] });
    const totals = {
      subtotal: 1000,
      discount_total: 0,
      shipping_total: 500,
      item_tax_total: 190,
      shipping_tax_total: 50,
      tax_total: 240,
      gift_card_total: 0,
      gift_card_tax_total: 0,
      total: 1740,
      paid_total: 1840,
      refunded_total: 40,
      refundable_amount: 1800,
    };
    const { order } = (await shop.get(`/store/orders/${id}`)).body;
    expect(order).toMatchObject({ object: "order", id, ...totals });
    expect(order.items[0]).toMatchObject({
      subtotal: 1000,
      tax_total: 190,
      total: 1190,
      refundable: 1190,
      variant: {},
    });
    expect(order.shipping_methods[0]).toMatchObject({
      subtotal: 500,
      total: 550,
      shipping_option: { name: "Standard" },
    });
    expect(order).not.toHaveProperty("raw_discount_total");
    expect(order.customer).not.toHaveProperty("password_hash");
    expect(
      (await shop.get(`/store/orders/${id}?fields=status&expand=payments`)).body.order,
    ).toEqual({
      id,
      status: "pending",
      payments: order.payments,
      ...totals,
    });
  });

  it("returns only `refundable` of its lines when that is named", async () => {
    const { id } = await anOrder(shop.knex);
    const lines = async (query: string) =>
      (await shop.get(`/store/orders/${id}?fields=items.refundable${query}`)).body.order.items;
    expect(await lines("&expand=region")).toEqual([{ refundable: 1190 }]);
    const [line] = await lines("&expand=items.variant");
    expect(Object.keys(line).sort()).toEqual(["refundable", "variant"]);
    for (const query of ["", "&expand=", "&expand=items,items.variant"])
      expect((await lines(query))[0], query).toMatchObject({
        title: expect.any(String),
        refundable: 1190,
      });
  });

  it("is found by its cart, too", async () => {
    const cart_id = newId("cart");
    const { id, region_id } = await anOrder(shop.knex);
    await shop.knex("cart").insert({ id: cart_id, region_id, type: "default" });
    await shop.knex("order").where({ id }).update({ cart_id, idempotency_key: "once" });
    for (const path of [`/store/orders/${id}`, `/store/orders/cart/${cart_id}`]) {
      const { order } = (
        await shop.get(`${path}?fields=idempotency_key,gift_card_tax_total,total&expand=region`)
      ).body;
      expect(order, path).toMatchObject({
        id,
        idempotency_key: "once",
        gift_card_tax_total: 0,
        total: 1740,
        subtotal: 1000,
      });
      expect(order).not.toHaveProperty("status");
      expect(
        await shop.get(`${path}?fields=total,updated_at,gift_card_tax_total,metadata`),
      ).toBeRefused(400, {
        message: "Requested fields [updated_at, metadata] are not valid",
      });
    }
  });

  it("counts adjustments, returned quantity and free shipping", async () => {
    const fixed = await aDiscount(shop.knex, { type: "fixed", value: 500 });
    const free = await aDiscount(shop.knex, { type: "free_shipping" });
    const { id } = await anOrder(shop.knex, {
      discounts: [fixed.id, free.id],
      lines: [
        {
          quantity: 2,
          returned_quantity: 1,
          adjustments: [{ amount: 333.5, discount_id: fixed.id }],
        },
      ],
    });
    const { order } = (await shop.get(`/store/orders/${id}`)).body;
    expect(order).toMatchObject({
      subtotal: 2000,
      discount_total: 334,
      tax_total: 317,
      shipping_total: 0,
      total: 1983,
    });
    expect(order.items[0]).toMatchObject({
      quantity: 2,
      raw_discount_total: 333.5,
      refundable: 992,
    });
    expect(order.shipping_methods[0]).toMatchObject({ total: 0, original_total: 550 });
  });

  it("returns rows that were soft-deleted since", async () => {
    const discount = await aDiscount(shop.knex, { type: "fixed", value: 100 });
    const { id } = await anOrder(shop.knex, { discounts: [discount.id] });
    const gone = { deleted_at: new Date() };
    for (const table of ["product_variant", "region", "discount", "discount_rule"])
      await shop.knex(table).update(gone);
    const { order } = (await shop.get(`/store/orders/${id}`)).body;
    expect(order.items[0].variant.deleted_at).toEqual(expect.any(String));
    expect(order.region.deleted_at).toEqual(expect.any(String));
    expect(order.discounts[0].rule.type).toBe("fixed");
    for (const table of ["product_variant", "region", "discount", "discount_rule"])
      await shop.knex(table).update({ deleted_at: null });
  });

  it("taxes an order without tax lines at its single rate", async () => {
    const { id } = await anOrder(shop.knex, {
      tax_rate: 25,
      lines: [{ rates: [] }],
      shipping: { rates: [] },
    });
    for (const query of ["", "?fields=id", "?expand="]) {
      expect((await shop.get(`/store/orders/${id}${query}`)).body.order).toMatchObject({
        tax_total: 375,
        total: 1875,
      });
    }
  });

  it("returns by its cart the relations that its totals depend on", async () => {
    const cart_id = newId("cart");
    const { region_id } = await anOrder(shop.knex);
    await shop.knex("cart").insert({ id: cart_id, region_id, type: "default" });
    const order = await anOrder(shop.knex, { cart_id, refunded: [10] });
    const swap = {
      id: newId("swap"),
      order_id: order.id,
      fulfillment_status: "shipped",
      payment_status: "captured",
    };
    await shop.knex("swap").insert(swap);
    await aLineItem(shop.knex, { swap_id: swap.id, quantity: 3, returned_quantity: 1 });
    const shown = (await shop.get(`/store/orders/cart/${cart_id}?fields=id`)).body.order;
    expect(shown).toMatchObject({
      id: order.id,
      claims: [],
      gift_cards: [],
      gift_card_transactions: [],
      total: 1740,
    });
    expect(shown.refunds).toHaveLength(1);
    expect(shown.swaps[0].additional_items[0]).toMatchObject({ quantity: 2, refundable: 2380 });
  });
});
