import { beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import {
  aCustomer,
  aCustomerGroup,
  aDiscount,
  aFilledCart,
  aGuest,
  aPriceList,
  aShippedOrder,
  aShopSetup,
  type ShopSetup,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { aSwapSetup, swapRequest } from "../swaps/a-swap.ts";
import "../support/to-be-refused.ts";

describe("an e-mail that a visitor typed", () => {
  const shop = openShop();
  let setup: ShopSetup;
  let adaId: string;
  let guestId: string;
  beforeAll(async () => {
    setup = await aShopSetup(shop.knex);
    adaId = (await aCustomer(shop.knex, { email: "ada@example.com" })).id;
    guestId = (await aGuest(shop.knex, { email: "dane@example.com" })).id;
    const group = await aCustomerGroup(shop.knex, { customers: [adaId, guestId] });
    await aPriceList(shop.knex, {
      customer_groups: [group.id],
      prices: [{ variant_id: setup.variantId, amount: 700 }],
    });
    const conditions = [{ type: "customer_groups" as const, ids: [group.id] }];
    await aDiscount(shop.knex, { code: "VIPONLY", conditions });
  });
  const aCart = async (headers = {}): Promise<string> => {
    const items = [{ variant_id: setup.variantId, quantity: 1 }];
    const body = { region_id: setup.regionId, items };
    return (await shop.post("/store/carts", body, headers)).body.cart.id;
  };
  const update = (id: string, body: object, headers = {}) =>
    shop.post(`/store/carts/${id}`, body, headers);
  const row = (id: string) => shop.knex("cart").where({ id }).first();

  it("grants no price and no code of a guest's groups", async () => {
    const id = await aCart();
    await update(id, { email: "dane@example.com" });
    const repriced = await update(id, { region_id: setup.regionId });
    expect(repriced.body.cart).toMatchObject({ email: "dane@example.com" });
    expect(repriced.body.cart.items[0].unit_price).toBe(1000);
    expect(await update(id, { discounts: [{ code: "VIPONLY" }] })).toBeRefused(400);
    const line = { variant_id: setup.variantId, quantity: 1 };
    const grown = await shop.post(`/store/carts/${id}/line-items`, line);
    expect(grown.body.cart.items[0].unit_price).toBe(1000);
    const itemPath = `/store/carts/${id}/line-items/${grown.body.cart.items[0].id}`;
    expect((await shop.post(itemPath, { quantity: 3 })).body.cart.items[0].unit_price).toBe(1000);
  });

  it("grants nothing of a registered customer's groups on their open cart", async () => {
    const id = await aCart(asCustomer(adaId));
    expect(await update(id, { discounts: [{ code: "VIPONLY" }] })).toBeRefused(400);
    const line = { variant_id: setup.variantId, quantity: 1 };
    const grown = await shop.post(`/store/carts/${id}/line-items`, line);
    expect(grown.body.cart.items[0].unit_price).toBe(1000);
    const own = await update(id, { discounts: [{ code: "VIPONLY" }] }, asCustomer(adaId));
    expect(own.body.cart).toMatchObject({ items: [{ unit_price: 700 }], subtotal: 1400 });
  });

  it("leaves a group's prices and codes behind when the cart changes hands", async () => {
    const id = await aCart(asCustomer(adaId));
    const own = await update(id, { discounts: [{ code: "VIPONLY" }] }, asCustomer(adaId));
    expect(own.body.cart).toMatchObject({ subtotal: 700, discount_total: 70 });
    const { cart } = (await update(id, { email: "eve@evil.example" })).body;
    expect(cart).toMatchObject({ email: "eve@evil.example", subtotal: 1000, discount_total: 0 });
    expect(cart.discounts).toEqual([]);
  });

  it("is not told by an id: a visitor cannot name another customer, not even a guest", async () => {
    const id = await aCart();
    expect(await update(id, { customer_id: guestId })).toBeRefused(404, { type: "not_found" });
    expect((await row(id)).email).toBeNull();
  });

  it("does not change a completed cart, and ties it to nobody's row", async () => {
    const id = await aFilledCart(shop, setup, { email: "gro@example.com" });
    expect((await shop.post(`/store/carts/${id}/complete`)).body.type).toBe("order");
    const before = await row(id);
    for (const headers of [{}, asCustomer(adaId)]) {
      expect((await update(id, { email: "dane@example.com" }, headers)).status).toBe(200);
      expect(await row(id)).toEqual(before);
    }
  });

  it("does not take a swap's cart from its order's customer", async () => {
    const swapSetup = await aSwapSetup(shop.knex);
    const order = await aShippedOrder(shop.knex, {
      region_id: swapSetup.regionId,
      customer_id: guestId,
      email: "dane@example.com",
    });
    const { body } = await shop.post("/store/swaps", swapRequest(order, swapSetup));
    const id = body.swap.cart_id;
    const own = { customer_id: guestId, email: "dane@example.com" };
    expect((await update(id, { email: "x@evil.example" })).body.cart).toMatchObject(own);
    expect((await update(id, { context: { a: 1 } }, asCustomer(adaId))).body.cart).toMatchObject(
      own,
    );
    expect((await shop.get(`/store/carts/${id}`, asCustomer(adaId))).body.cart).toMatchObject(own);
    expect(await row(id)).toMatchObject(own);
  });

  it("does not take the cart of a draft order", async () => {
    const id = await aCart();
    await update(id, { email: "dane@example.com" });
    await shop.knex("cart").where({ id }).update({ type: "draft_order" });
    const own = { customer_id: guestId, email: "dane@example.com" };
    expect((await update(id, { email: "x@evil.example" })).body.cart).toMatchObject(own);
    expect((await shop.get(`/store/carts/${id}`, asCustomer(adaId))).body.cart).toMatchObject(own);
    expect(await row(id)).toMatchObject(own);
  });
});
