import { beforeAll, describe, expect, it } from "vitest";
import { aShopSetup, fillCart } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";
import { useFakeStripe } from "./use-fake-stripe.ts";

const { stripe, payment } = await useFakeStripe({
  capture: "automatic",
  automaticPaymentMethods: true,
});
const shop = openShop({ providers: { payment } });
beforeAll(() => {
  stripe.webhooks.url = `${shop.url}/stripe/hooks`;
});

const aStripeCart = async () =>
  fillCart(shop, await aShopSetup(shop.knex, { providers: ["stripe"] }));
const ordersOf = (cart_id: string) => shop.knex("order").where({ cart_id });
const pay = async (cart: { payment_session: { data: { client_secret: string } } }) => {
  await stripe.confirm(cart.payment_session.data.client_secret);
  await stripe.webhooks.whenDelivered();
};

describe("a call of Stripe's", () => {
  it("is refused without a signature, with a wrong one, and when it is old", async () => {
    const cart = await aStripeCart();
    await pay(cart);
    const [event] = stripe.webhooks.events.slice(-1);
    expect(await shop.post("/stripe/hooks", JSON.stringify(event))).toBeRefused(400);
    const forged = {
      "stripe-signature": `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}`,
    };
    expect(await shop.post("/stripe/hooks", JSON.stringify(event), forged)).toBeRefused(400, {
      message: /signature/,
    });
    expect((await stripe.webhooks.send(event!, { age: 3600 })).status).toBe(400);
  });

  it("gives a shopper who closed the browser the order, captured", async () => {
    const cart = await aStripeCart();
    await pay(cart);
    expect(await ordersOf(cart.id)).toMatchObject([{ payment_status: "captured" }]);
  });

  it("changes nothing when it is repeated, late or in another order", async () => {
    const cart = await aStripeCart();
    stripe.webhooks.url = undefined;
    await stripe.confirm(cart.payment_session.data.client_secret);
    stripe.webhooks.url = `${shop.url}/stripe/hooks`;
    const [event] = stripe.webhooks.events.slice(-1);
    const late = { ...event!, id: "evt_late", type: "payment_intent.payment_failed" };
    for (const one of [event!, late, event!, late, event!])
      expect((await stripe.webhooks.send(one)).status).toBe(200);
    expect(await ordersOf(cart.id)).toMatchObject([{ payment_status: "captured" }]);
    expect(stripe.account.intent(cart.payment_session.data.id)).toMatchObject({
      status: "succeeded",
    });
  });

  it("and the browser that completes meanwhile give one order", async () => {
    const cart = await aStripeCart();
    await stripe.confirm(cart.payment_session.data.client_secret);
    const answers = await Promise.all([
      ...[1, 2, 3].map(() => shop.post(`/store/carts/${cart.id}/complete`)),
      stripe.webhooks.whenDelivered(),
    ]);
    expect(answers[0]!.body.type).toBe("order");
    expect(await ordersOf(cart.id)).toHaveLength(1);
  });

  it("about money of no cart of this shop is left to whoever began it", async () => {
    const intent = stripe.account.createIntent({ amount: 900, currency: "eur" });
    await stripe.confirm(intent.client_secret);
    const [event] = stripe.webhooks.events.slice(-1);
    expect((await stripe.webhooks.send(event!)).status).toBe(200);
    const unknown = stripe.account.createIntent({
      ...{ amount: 900, currency: "eur", metadata: { resource_id: "cart_nobody" } },
    });
    stripe.webhooks.url = undefined;
    await stripe.confirm(unknown.client_secret);
    stripe.webhooks.url = `${shop.url}/stripe/hooks`;
    expect((await stripe.webhooks.send(stripe.webhooks.events.at(-1)!)).status).toBe(409);
  });

  it("for a cart that can not become an order refunds what was paid", async () => {
    const cart = await aStripeCart();
    await shop
      .knex("product_variant")
      .whereIn("id", shop.knex("line_item").select("variant_id").where({ cart_id: cart.id }))
      .update({ inventory_quantity: 0, allow_backorder: false, manage_inventory: true });
    await pay(cart);
    expect(await ordersOf(cart.id)).toEqual([]);
    await expect.poll(() => stripe.account.refunds).toMatchObject([{ amount: 1000 }]);
    expect(stripe.account.totals().held).toBe(0);
  });
});
