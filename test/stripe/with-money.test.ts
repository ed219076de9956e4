import { beforeAll, describe, expect, it } from "vitest";
import {
  aPaymentCollection,
  collectionState,
  setPaymentSessions,
} from "../payment-collections/a-payment-collection.ts";
import { clientAt } from "../support/api-client.ts";
import { aProduct, aRegion, aShopSetup, fillCart } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { expectRightBooks, useFakeStripe } from "./use-fake-stripe.ts";

const { stripe, payment } = await useFakeStripe();
const shop = openShop({ providers: { payment }, settings: { LOG_LEVEL: "silent" } });
expectRightBooks(stripe, shop);
beforeAll(() => {
  stripe.webhooks.url = `${shop.url}/stripe/hooks`;
});

const orderOf = (cart_id: string) => shop.knex("order").where({ cart_id }).first();
const complete = (id: string) => shop.post(`/store/carts/${id}/complete`);
/** Fills a cart and pays it in the browser, which is closed then. */
async function aPaidCart() {
  const cart = await fillCart(shop, await aShopSetup(shop.knex, { providers: ["stripe"] }));
  await stripe.confirm(cart.payment_session.data.client_secret);
  await stripe.webhooks.whenDelivered();
  return { id: cart.id as string, intent: cart.payment_session.data.id as string };
}

describe("what is captured at Stripe's", () => {
  it("is captured in the shop, once, however often and in which order Stripe says so", async () => {
    const { id, intent } = await aPaidCart();
    stripe.webhooks.delivery = { delays: () => [5, 60, 1], tries: 5, intervalMs: 50 };
    stripe.account.captureIntent(intent, {});
    await stripe.webhooks.whenDelivered();
    for (const event of stripe.webhooks.events.slice(-2).toReversed())
      expect((await stripe.webhooks.send(event)).status).toBe(200);
    expect(await orderOf(id)).toMatchObject({ payment_status: "captured" });
    expect(await shop.knex("payment").where({ cart_id: id })).toHaveLength(1);
  });

  it("in part needs somebody's attention", async () => {
    const { id, intent } = await aPaidCart();
    stripe.account.captureIntent(intent, { amount_to_capture: 600 });
    await stripe.webhooks.whenDelivered();
    expect(await orderOf(id)).toMatchObject({ payment_status: "requires_action" });
    expect(stripe.account.intent(intent)).toMatchObject({ amount_received: 600 });
  });

  it("in part for goods that are sold out goes back, all that was captured", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["stripe"] });
    const cart = await fillCart(shop, setup);
    const { id, client_secret } = cart.payment_session.data;
    await shop.knex("product_variant").where({ id: setup.variantId }).update({
      inventory_quantity: 0,
    });
    stripe.webhooks.url = undefined;
    await stripe.confirm(client_secret);
    stripe.webhooks.url = `${shop.url}/stripe/hooks`;
    stripe.account.captureIntent(id, { amount_to_capture: 600 });
    await stripe.webhooks.whenDelivered();
    await expect.poll(() => stripe.account.keptOf(stripe.account.intent(id))).toBe(0);
    expect(stripe.account.refunds.at(-1)).toMatchObject({ payment_intent: id, amount: 600 });
    expect(await orderOf(cart.id)).toBeUndefined();
  });

  it("and refunded in part by Medusa's admin keeps the rest", async () => {
    const { id, intent } = await aPaidCart();
    stripe.account.captureIntent(intent, {});
    await stripe.webhooks.whenDelivered();
    // As Medusa's admin refunds: at Stripe, and in the rows that both share.
    stripe.account.refund({ payment_intent: intent, amount: 250 });
    await stripe.webhooks.whenDelivered();
    const order = await orderOf(id);
    const [paid] = await shop.knex("payment").where({ order_id: order.id });
    await shop.knex("payment").where({ id: paid.id }).update({ amount_refunded: 250 });
    await shop.knex("refund").insert({
      ...{ id: "ref_1", order_id: order.id, payment_id: paid.id, amount: 250, reason: "other" },
    });
    for (const event of stripe.webhooks.events.slice(-3))
      expect((await stripe.webhooks.send(event)).status).toBe(200);
    expect((await shop.get(`/store/orders/${order.id}`)).body.order).toMatchObject({
      paid_total: 1000,
      refunded_total: 250,
    });
  });
});

describe("an order in a currency without decimals", () => {
  it("is paid with the sum that is shown", async () => {
    const [currency_code, payment_providers] = ["jpy", ["stripe"]];
    const { id: regionId } = await aRegion(shop.knex, {
      ...{ tax_rate: 0, currency_code, payment_providers },
    });
    const { variants } = await aProduct(shop.knex, {
      variants: [{ inventory_quantity: 5, prices: [{ amount: 1200, currency_code }] }],
    });
    const cart = await fillCart(shop, { regionId, variantId: variants[0]!.id });
    const { id, client_secret } = cart.payment_session.data;
    expect(stripe.account.intent(id)).toMatchObject({ amount: 1200, currency: "jpy" });
    await stripe.confirm(client_secret);
    await stripe.webhooks.whenDelivered();
    expect((await complete(cart.id)).body.data).toMatchObject({ total: 1200, currency_code });
  });
});

describe("a shopper who pays", () => {
  it("with two tabs of one cart, before and after a change, pays one order", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["stripe"] });
    const cart = await fillCart(shop, setup);
    const path = `/store/carts/${cart.id}/line-items/${cart.items[0].id}`;
    stripe.webhooks.delivery = { delays: () => [5, 30], tries: 20, intervalMs: 50 };
    const { client_secret: secret } = cart.payment_session.data;
    await Promise.all([
      shop.post(path, { quantity: 2 }),
      stripe.confirm(secret),
      complete(cart.id),
      complete(cart.id),
    ]);
    await stripe.webhooks.whenDelivered();
    const { body } = await shop.post(`/store/carts/${cart.id}/payment-sessions`);
    const session = body.cart?.payment_session;
    if (session) await stripe.confirm(session.data.client_secret);
    await stripe.webhooks.whenDelivered();
    expect((await complete(cart.id)).body.type).toBe("order");
    expect(await shop.knex("order").where({ cart_id: cart.id })).toHaveLength(1);
  });
});

describe("a payment collection", () => {
  it("is paid by an intent that names it, by the webhook and the browser together", async () => {
    const { path, collectionId } = await aPaymentCollection(shop.knex, "stripe");
    const [session] = await setPaymentSessions(shop, path, [1190], "stripe");
    const [intent] = [...stripe.account.intents.values()].slice(-1);
    expect(intent).toMatchObject({ metadata: { resource_id: collectionId }, amount: 1190 });
    expect(intent!.metadata["cart_id"]).toBeUndefined();
    await stripe.confirm(intent!.client_secret);
    const authorize = () => clientAt(shop.url).post(`${path}/sessions/${session}/authorize`);
    await Promise.all([authorize(), authorize(), stripe.webhooks.whenDelivered()]);
    expect(await collectionState(shop, path)).toMatchObject({
      status: "authorized",
      payments: [1190],
    });
  });
});
