import { describe, expect, it } from "vitest";
import { aFullCart, aTill, completed } from "./a-full-cart.ts";
import { aDiscount, aGiftCard, given } from "./admin-builders.ts";
import { onBoth } from "./on-both.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();

const rowOf = (table: string, id: string) => shop.knex(table).where({ id }).first();

/** Who fills the cart, and who completes it. */
const moves = [
  { from: "medusa", to: "nettle" },
  { from: "nettle", to: "medusa" },
] as const;

describe.each(moves)("a cart filled by $from and completed by $to", ({ from, to }) => {
  it("becomes the order of what it showed, the same order wherever it is asked for", async () => {
    const till = await aTill(shop.medusa.admin);
    const cart = await aFullCart(shop[from].store, till);
    expect(cart).toMatchObject({ subtotal: 2000, shipping_total: 500, tax_total: 475, total: 2975 });
    expect(cart.payment_session).toMatchObject({ provider_id: "manual", amount: 2975 });
    await onBoth(shop, `/store/carts/${cart.id}`);
    const order = await completed(shop[to].store, cart.id);
    expect(order).toMatchObject({ cart_id: cart.id, total: 2975, paid_total: 2975 });
    expect(order.payments).toMatchObject([{ amount: 2975, provider_id: "manual" }]);
    expect(await rowOf("product_variant", till.variantId)).toMatchObject({ inventory_quantity: 98 });
    await onBoth(shop, `/store/orders/${order.id}`);
    await onBoth(shop, `/store/orders/cart/${cart.id}`);
    for (const server of [from, to]) expect((await completed(shop[server].store, cart.id)).id).toBe(order.id);
  });

  it("with a discount, takes off what it showed and counts one use", async () => {
    const till = await aTill(shop.medusa.admin);
    const { id, code } = await aDiscount(shop.medusa.admin, till.regionId);
    const cart = await aFullCart(shop[from].store, till, { codes: [code] });
    expect(cart).toMatchObject({ discount_total: 200, total: 2737 });
    await onBoth(shop, `/store/carts/${cart.id}`);
    const order = await completed(shop[to].store, cart.id);
    expect(order).toMatchObject({ discount_total: 200, total: 2737, discounts: [{ code }] });
    await onBoth(shop, `/store/orders/${order.id}`);
    await expect.poll(async () => (await rowOf("discount", id)).usage_count, { timeout: 10_000 }).toBe(1);
  });

  it("with a gift card, pays by the card first", async () => {
    const till = await aTill(shop.medusa.admin);
    const card = await aGiftCard(shop.medusa.admin, till.regionId, 700);
    const cart = await aFullCart(shop[from].store, till, { cards: [card.code] });
    expect(cart).toMatchObject({
      gift_card_total: 700,
      gift_card_tax_total: 133,
      total: 2142,
      payment_session: { amount: 2142 },
    });
    await onBoth(shop, `/store/carts/${cart.id}`);
    const order = await completed(shop[to].store, cart.id);
    expect(order).toMatchObject({ gift_card_total: 700, total: 2142, payments: [{ amount: 2142 }] });
    expect(await rowOf("gift_card", card.id)).toMatchObject({ balance: 0, is_disabled: true });
    await onBoth(shop, `/store/orders/${order.id}`);
  });

  it("covered by a gift card, needs no payment", async () => {
    const till = await aTill(shop.medusa.admin);
    const card = await aGiftCard(shop.medusa.admin, till.regionId, 5000);
    const cart = await aFullCart(shop[from].store, till, { cards: [card.code] });
    expect(cart).toMatchObject({ total: 0, payment_sessions: [] });
    const order = await completed(shop[to].store, cart.id);
    expect(order).toMatchObject({ gift_card_total: 2500, total: 0, payments: [] });
    expect(await rowOf("gift_card", card.id)).toMatchObject({ balance: 2500, is_disabled: false });
    await onBoth(shop, `/store/orders/${order.id}`);
  });

  it("where nothing is taxed automatically, is taxed as it is ordered", async () => {
    const till = await aTill(shop.medusa.admin, { automatic_taxes: false });
    const { id } = await aFullCart(shop[from].store, till);
    const { cart } = await onBoth(shop, `/store/carts/${id}`);
    expect(cart).toMatchObject({ tax_total: 0, total: 2500, payment_session: { amount: 2975 } });
    const order = await completed(shop[to].store, cart.id);
    expect(order).toMatchObject({ tax_total: 475, total: 2975, payments: [{ amount: 2975 }] });
    await onBoth(shop, `/store/orders/${order.id}`);
  });

  it("by a customer whose cookie came from the first", async () => {
    const shopper = shop[from].visitor();
    const account = { first_name: "Ada", last_name: "Lind", email: `cookie-${from}@example.com`, password: "s3cret-horse" };
    const registered = await shopper.post("/store/customers", account);
    const cookie = registered.headers["set-cookie"]![0]!.split(";")[0]!;
    const till = await aTill(shop.medusa.admin);
    const cart = await aFullCart(shopper, till, { email: account.email });
    const order = await completed(shop[to].store, cart.id, { cookie });
    expect(order.customer_id).toBe(registered.body.customer.id);
    const { orders } = await onBoth(shop, "/store/customers/me/orders", { cookie });
    expect(orders).toMatchObject([{ id: order.id, total: 2975 }]);
  });

  it("by a customer whose token came from the first", async () => {
    const email = `token-${from}@example.com`;
    const account = { first_name: "Ada", last_name: "Lind", email, password: "s3cret-horse" };
    await shop[from].store.post("/store/customers", account);
    const token = await given(shop[from].store.post("/store/auth/token", { email, password: account.password }), "access_token");
    const headers = { authorization: `Bearer ${token}` };
    const till = await aTill(shop.medusa.admin);
    const cart = await aFullCart(shop[from].store, till, { email, headers });
    const order = await completed(shop[to].store, cart.id, headers);
    const { customer } = await onBoth(shop, "/store/customers/me", headers);
    expect(order.customer_id).toBe(customer.id);
    const { orders } = await onBoth(shop, "/store/customers/me/orders", headers);
    expect(orders).toMatchObject([{ id: order.id, total: 2975 }]);
  });
});
