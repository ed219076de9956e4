import { describe, expect, it } from "vitest";
import { fillCart } from "../support/builders.ts";
import { completeCart } from "./complete-cart.ts";
import { createDiscount, createGiftCard, createShopSetup, unwrap } from "./create-in-admin.ts";
import { expectSameOnBoth } from "./expect-same-on-both.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();

const rowOf = (table: string, id: string) => shop.knex(table).where({ id }).first();

/** The server that fills the cart, and the server that completes it. */
const directions = [
  { from: "medusa", to: "nettle" },
  { from: "nettle", to: "medusa" },
] as const;

describe.each(directions)("a cart filled by $from and completed by $to", ({ from, to }) => {
  it("becomes an order with the totals that it showed", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const cart = await fillCart(shop[from].store, setup, { quantity: 2 });
    expect(cart).toMatchObject({
      subtotal: 2000,
      shipping_total: 500,
      tax_total: 475,
      total: 2975,
    });
    expect(cart.payment_session).toMatchObject({ provider_id: "manual", amount: 2975 });
    await expectSameOnBoth(shop, `/store/carts/${cart.id}`);
    const order = await completeCart(shop[to].store, cart.id);
    expect(order).toMatchObject({ cart_id: cart.id, total: 2975, paid_total: 2975 });
    expect(order.payments).toMatchObject([{ amount: 2975, provider_id: "manual" }]);
    expect(await rowOf("product_variant", setup.variantId)).toMatchObject({
      inventory_quantity: 98,
    });
    await expectSameOnBoth(shop, `/store/orders/${order.id}`);
    await expectSameOnBoth(shop, `/store/orders/cart/${cart.id}`);
    for (const server of [from, to])
      expect((await completeCart(shop[server].store, cart.id)).id).toBe(order.id);
  });

  it("with a discount, counts one use", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const { id, code } = await createDiscount(shop.medusa.admin, { regions: [setup.regionId] });
    const cart = await fillCart(shop[from].store, setup, { quantity: 2, discounts: [code] });
    expect(cart).toMatchObject({ discount_total: 200, total: 2737 });
    await expectSameOnBoth(shop, `/store/carts/${cart.id}`);
    const order = await completeCart(shop[to].store, cart.id);
    expect(order).toMatchObject({ discount_total: 200, total: 2737, discounts: [{ code }] });
    await expectSameOnBoth(shop, `/store/orders/${order.id}`);
    await expect
      .poll(async () => (await rowOf("discount", id)).usage_count, { timeout: 10_000 })
      .toBe(1);
  });

  it("with a gift card, pays by the card first", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const card = await createGiftCard(shop.medusa.admin, { region_id: setup.regionId, value: 700 });
    const cart = await fillCart(shop[from].store, setup, { quantity: 2, giftCards: [card.code] });
    expect(cart).toMatchObject({
      gift_card_total: 700,
      gift_card_tax_total: 133,
      total: 2142,
      payment_session: { amount: 2142 },
    });
    await expectSameOnBoth(shop, `/store/carts/${cart.id}`);
    const order = await completeCart(shop[to].store, cart.id);
    expect(order).toMatchObject({
      gift_card_total: 700,
      total: 2142,
      payments: [{ amount: 2142 }],
    });
    expect(await rowOf("gift_card", card.id)).toMatchObject({ balance: 0, is_disabled: true });
    await expectSameOnBoth(shop, `/store/orders/${order.id}`);
  });

  it("covered by a gift card, needs no payment", async () => {
    const setup = await createShopSetup(shop.medusa.admin);
    const card = await createGiftCard(shop.medusa.admin, {
      region_id: setup.regionId,
      value: 5000,
    });
    const cart = await fillCart(shop[from].store, setup, { quantity: 2, giftCards: [card.code] });
    expect(cart).toMatchObject({ total: 0, payment_sessions: [] });
    const order = await completeCart(shop[to].store, cart.id);
    expect(order).toMatchObject({ gift_card_total: 2500, total: 0, payments: [] });
    expect(await rowOf("gift_card", card.id)).toMatchObject({ balance: 2500, is_disabled: false });
    await expectSameOnBoth(shop, `/store/orders/${order.id}`);
  });

  it("without automatic taxes, is taxed when it is ordered", async () => {
    const setup = await createShopSetup(shop.medusa.admin, { automatic_taxes: false });
    const { id } = await fillCart(shop[from].store, setup, { quantity: 2 });
    const { cart } = await expectSameOnBoth(shop, `/store/carts/${id}`);
    expect(cart).toMatchObject({ tax_total: 0, total: 2500, payment_session: { amount: 2975 } });
    const order = await completeCart(shop[to].store, cart.id);
    expect(order).toMatchObject({ tax_total: 475, total: 2975, payments: [{ amount: 2975 }] });
    await expectSameOnBoth(shop, `/store/orders/${order.id}`);
  });

  it("belongs to a customer whose cookie came from the first server", async () => {
    const shopper = shop[from].openBrowser();
    const account = {
      first_name: "Ada",
      last_name: "Lind",
      email: `cookie-${from}@example.com`,
      password: "s3cret-horse",
    };
    const registered = await shopper.post("/store/customers", account);
    const cookie = registered.headers["set-cookie"]![0]!.split(";")[0]!;
    const setup = await createShopSetup(shop.medusa.admin);
    const cart = await fillCart(shopper, setup, { quantity: 2, email: account.email });
    const order = await completeCart(shop[to].store, cart.id, { cookie });
    expect(order.customer_id).toBe(registered.body.customer.id);
    const { orders } = await expectSameOnBoth(shop, "/store/customers/me/orders", { cookie });
    expect(orders).toMatchObject([{ id: order.id, total: 2975 }]);
  });

  it("belongs to a customer whose token came from the first server", async () => {
    const email = `token-${from}@example.com`;
    const account = { first_name: "Ada", last_name: "Lind", email, password: "s3cret-horse" };
    await shop[from].store.post("/store/customers", account);
    const token = await unwrap(
      shop[from].store.post("/store/auth/token", { email, password: account.password }),
      "access_token",
    );
    const headers = { authorization: `Bearer ${token}` };
    const setup = await createShopSetup(shop.medusa.admin);
    const cart = await fillCart(shop[from].store, setup, { quantity: 2, email, headers });
    const order = await completeCart(shop[to].store, cart.id, headers);
    const { customer } = await expectSameOnBoth(shop, "/store/customers/me", headers);
    expect(order.customer_id).toBe(customer.id);
    const { orders } = await expectSameOnBoth(shop, "/store/customers/me/orders", headers);
    expect(orders).toMatchObject([{ id: order.id, total: 2975 }]);
  });
});
