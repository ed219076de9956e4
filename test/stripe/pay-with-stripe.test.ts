import { beforeAll, describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aShopSetup, fillCart } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";
import { useFakeStripe } from "./use-fake-stripe.ts";

const { stripe, payment } = await useFakeStripe({ description: "Hollin & Tarn" });
const shop = openShop({ providers: { payment } });
beforeAll(() => {
  stripe.webhooks.url = `${shop.url}/stripe/hooks`;
});

/** Fills a cart whose session is a payment intent. */
const aStripeCart = async (providers = ["stripe"], headers?: Record<string, string>) => {
  const setup = await aShopSetup(shop.knex, { providers, stock: 50 });
  const cart = await fillCart(shop, setup, headers ? { headers } : {});
  return { ...cart, variantId: setup.variantId };
};
const intentOf = (cart: { payment_session: { data: { id: string } } }) =>
  stripe.account.intent(cart.payment_session.data.id);
const complete = (id: string) => shop.post(`/store/carts/${id}/complete`);

describe("a payment session of Stripe's", () => {
  it("is a payment intent of the cart, with the secret that the browser needs", async () => {
    const cart = await aStripeCart();
    expect(cart.payment_session).toMatchObject({
      provider_id: "stripe",
      status: "pending",
      data: {
        object: "payment_intent",
        amount: 1000,
        currency: "eur",
        capture_method: "manual",
        description: "Hollin & Tarn",
        payment_method_types: ["card"],
        metadata: { resource_id: cart.id, cart_id: cart.id },
        client_secret: expect.stringMatching(/^pi_\w+_secret_/),
        status: "requires_payment_method",
      },
    });
  });

  it("follows the cart, and one payment is enough for it", async () => {
    const cart = await aStripeCart();
    await shop.post(`/store/carts/${cart.id}/line-items`, {
      variant_id: cart.variantId,
      quantity: 2,
    });
    const { body } = await shop.post(`/store/carts/${cart.id}/payment-sessions`);
    expect(body.cart.payment_session.data).toMatchObject({ id: intentOf(cart).id, amount: 3000 });
    expect(intentOf(cart).amount).toBe(3000);
  });

  it("belongs to the customer who is logged in, who is created at Stripe once", async () => {
    const customer = await aCustomer(shop.knex, { email: "ada@example.com", has_account: true });
    const headers = asCustomer(customer.id);
    const [first, second] = [
      await aStripeCart(["stripe"], headers),
      await aStripeCart(["stripe"], headers),
    ];
    const id = intentOf(first).customer;
    expect(stripe.account.customers.get(id!)).toMatchObject({ email: "ada@example.com" });
    expect(intentOf(second).customer).toBe(id);
    stripe.account.customers.saveCard(id!, "4242");
    const { body } = await shop.get("/store/customers/me/payment-methods", headers);
    expect(body.payment_methods).toMatchObject([
      { provider_id: "stripe", data: { card: { last4: "4242" } } },
    ]);
  });

  it("takes neither an amount, a payment nor a customer from the shopper", async () => {
    const cart = await aStripeCart();
    const url = `/store/carts/${cart.id}/payment-sessions/stripe`;
    const data = { id: "pi_of_another", amount: 1, customer: "cus_x", receipt_email: "g@x.org" };
    expect((await shop.post(url, { data })).status).toBe(200);
    expect(intentOf(cart)).toMatchObject({
      amount: 1000,
      customer: null,
      receipt_email: "g@x.org",
    });
  });

  it("is refused in Stripe's words where the amount is too small for it", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["stripe"], price: 10 });
    await expect(fillCart(shop, setup)).rejects.toThrow(/Amount must be no less than/);
  });
});

describe("completing", () => {
  it("places the order for what the shopper confirmed, and captures nothing", async () => {
    const cart = await aStripeCart();
    await stripe.confirm(cart.payment_session.data.client_secret);
    const { body } = await complete(cart.id);
    expect(body).toMatchObject({ type: "order", data: { total: 1000 } });
    expect(intentOf(cart)).toMatchObject({ status: "requires_capture", amount_capturable: 1000 });
  });

  it("asks for more while the bank wants the shopper's word", async () => {
    const cart = await aStripeCart();
    const { client_secret: secret } = cart.payment_session.data;
    await stripe.confirm(secret, "pm_card_threeDSecureRequired");
    const waiting = await complete(cart.id);
    expect(waiting.body).toMatchObject({
      type: "cart",
      data: { payment_session: { status: "requires_more", data: { status: "requires_action" } } },
    });
    stripe.account.finishAction(intentOf(cart).id);
    expect((await complete(cart.id)).body.type).toBe("order");
  });

  it("keeps the cart open after a declined card, and takes the next one", async () => {
    const cart = await aStripeCart();
    const { client_secret: secret } = cart.payment_session.data;
    const declined = await stripe.confirm(secret, "pm_card_chargeDeclined");
    expect(declined.status).toBe(402);
    expect((await complete(cart.id)).body.type).toBe("cart");
    await stripe.confirm(secret);
    expect((await complete(cart.id)).body.type).toBe("order");
  });

  it("voids what was confirmed when the goods are gone", async () => {
    const cart = await aStripeCart();
    stripe.webhooks.url = undefined;
    await stripe.confirm(cart.payment_session.data.client_secret);
    await shop.knex("product_variant").where({ id: cart.variantId }).update({
      inventory_quantity: 0,
      allow_backorder: false,
      manage_inventory: true,
    });
    expect((await complete(cart.id)).status).toBe(409);
    stripe.webhooks.url = `${shop.url}/stripe/hooks`;
    await expect.poll(() => intentOf(cart).status).toBe("canceled");
  });

  it.each(["drop_response", "error"] as const)(
    "gets over one %s at every operation",
    async (kind) => {
      for (const operation of ["intents.create", "intents.retrieve"] as const)
        stripe.failures.add({ operation, kind });
      const cart = await aStripeCart();
      await stripe.confirm(cart.payment_session.data.client_secret);
      expect((await complete(cart.id)).body.type).toBe("order");
      const ofCart = [...stripe.account.intents.values()].filter(
        ({ metadata }) => metadata["cart_id"] === cart.id,
      );
      expect(ofCart).toHaveLength(1);
    },
  );

  it("is unavailable while Stripe refuses requests, and goes through afterwards", async () => {
    const cart = await aStripeCart();
    await stripe.confirm(cart.payment_session.data.client_secret);
    stripe.failures.add({ operation: "intents.retrieve", kind: "rate_limit", times: 5 });
    expect((await complete(cart.id)).status).toBe(503);
    while ((await complete(cart.id)).status === 503);
    expect((await complete(cart.id)).body.type).toBe("order");
    expect(intentOf(cart)).toMatchObject({ status: "requires_capture", amount_capturable: 1000 });
  });
});

describe("the payment methods that Medusa's plugin has", () => {
  it.each([
    ["stripe-ideal", "ideal"],
    ["stripe-bancontact", "bancontact"],
    ["stripe-blik", "blik"],
    ["stripe-giropay", "giropay"],
    ["stripe-przelewy24", "p24"],
  ])("%s is captured when the shopper comes back, also by the webhook", async (provider, type) => {
    const cart = await aStripeCart([provider]);
    expect(intentOf(cart)).toMatchObject({
      payment_method_types: [type],
      capture_method: "automatic",
    });
    await stripe.confirm(cart.payment_session.data.client_secret);
    stripe.account.finishAction(intentOf(cart).id);
    await stripe.webhooks.whenDelivered();
    const [order] = await shop.knex("order").where({ cart_id: cart.id });
    expect(order).toMatchObject({ payment_status: "captured" });
    expect((await complete(cart.id)).body.data.id).toBe(order.id);
  });
});
