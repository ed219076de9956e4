import { describe, expect, it } from "vitest";
import { asCustomer } from "../support/as-customer.ts";
import { aCustomer, aShopSetup, fillCart } from "../support/builders.ts";
import { stripeKeys } from "../support/fake-stripe/fake-stripe.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";
import { expectRightBooks, useFakeStripe } from "./use-fake-stripe.ts";

const { stripe, payment } = await useFakeStripe();
const shop = openShop({ providers: { payment }, settings: { LOG_LEVEL: "silent" } });
expectRightBooks(stripe, shop);

const aCart = async (headers: Record<string, string> = {}) =>
  fillCart(shop, await aShopSetup(shop.knex, { providers: ["stripe"] }), { headers });
const complete = (id: string) => shop.post(`/store/carts/${id}/complete`);
const intentsOf = (cart: string) =>
  [...stripe.account.intents.values()].filter(({ metadata }) => metadata["cart_id"] === cart);

describe("a failure of Stripe's that it repeats for its idempotency key", () => {
  it.each(["stored_error", "error_after_work"] as const)(
    "%s does not keep a payment from beginning",
    async (kind) => {
      const setup = await aShopSetup(shop.knex, { providers: ["stripe"] });
      stripe.failures.add({ operation: "intents.create", kind });
      await expect(fillCart(shop, setup)).rejects.toThrow(/503/);
      const [{ id }] = await shop.knex("cart").orderBy("created_at", "desc").limit(1);
      const { status, body } = await shop.post(`/store/carts/${id}/payment-sessions`);
      expect([status, body.cart.payment_session.status]).toEqual([200, "pending"]);
      await stripe.confirm(body.cart.payment_session.data.client_secret);
      expect((await complete(id)).body.type).toBe("order");
    },
  );

  it.each(["stored_error", "error_after_work"] as const)(
    "%s does not keep money from going back",
    async (kind) => {
      const setup = await aShopSetup(shop.knex, { providers: ["stripe"] });
      const cart = await fillCart(shop, setup);
      await stripe.confirm(cart.payment_session.data.client_secret);
      stripe.account.captureIntent(cart.payment_session.data.id, {});
      await shop.knex("product_variant").where({ id: setup.variantId }).update({
        inventory_quantity: 0,
      });
      stripe.failures.add({ operation: "refunds.create", kind });
      expect(await complete(cart.id)).toBeRefused(409);
    },
  );
});

describe("a refund", () => {
  it("is of what is left where a part was refunded in the dashboard meanwhile", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["stripe"] });
    const cart = await fillCart(shop, setup);
    const { id, client_secret } = cart.payment_session.data;
    await stripe.confirm(client_secret);
    stripe.account.captureIntent(id, {});
    await shop.knex("product_variant").where({ id: setup.variantId }).update({
      inventory_quantity: 0,
    });
    stripe.failures.add({ operation: "refunds.create", kind: "slow", milliseconds: 1500 });
    const refused = complete(cart.id);
    await stripe.whenRequested("refunds.create");
    stripe.account.refund({ payment_intent: id, amount: 400 });
    expect(await refused).toBeRefused(409);
  });
});

describe("a customer who was deleted in Stripe's dashboard", () => {
  it("is created once more, pays, and has no saved cards", async () => {
    const customer = await aCustomer(shop.knex, { email: "ida@example.com", has_account: true });
    const headers = asCustomer(customer.id);
    const former = stripe.account.intent((await aCart(headers)).payment_session.data.id).customer!;
    stripe.account.customers.saveCard(former, "4242");
    stripe.account.customers.delete(former);
    const saved = await shop.get("/store/customers/me/payment-methods", headers);
    expect(saved.body.payment_methods).toEqual([]);
    const cart = await aCart(headers);
    const { customer: renamed } = stripe.account.intent(cart.payment_session.data.id);
    expect(stripe.account.customers.get(renamed!)).toMatchObject({ email: "ida@example.com" });
    await stripe.confirm(cart.payment_session.data.client_secret);
    expect((await complete(cart.id)).body.type).toBe("order");
    const third = await aCart(headers);
    expect(stripe.account.intent(third.payment_session.data.id).customer).toBe(renamed);
  });
});

describe("requests at the same time", () => {
  it("with one idempotency key begin one payment", async () => {
    const setup = await aShopSetup(shop.knex, { providers: ["stripe"] });
    const items = [{ variant_id: setup.variantId, quantity: 1 }];
    const { body } = await shop.post("/store/carts", { region_id: setup.regionId, items });
    stripe.failures.add({ operation: "intents.create", kind: "slow_response", times: 2 });
    const path = `/store/carts/${body.cart.id}/payment-sessions`;
    await Promise.all([1, 2, 3].map(() => shop.post(path)));
    expect(intentsOf(body.cart.id)).toHaveLength(1);
  });
});

describe("a call of Stripe's", () => {
  it("is accepted while one signing secret replaces another", async () => {
    const cart = await aCart();
    await stripe.confirm(cart.payment_session.data.client_secret);
    const event = stripe.webhooks.events.at(-1)!;
    stripe.webhooks.url = `${shop.url}/stripe/hooks`;
    const secrets = ["whsec_the_former_one", stripeKeys.webhook];
    expect(await stripe.webhooks.send(event, { secrets: secrets.slice(0, 1) })).toMatchObject({
      status: 400,
    });
    expect((await stripe.webhooks.send(event, { secrets })).status).toBe(200);
    expect(await shop.knex("order").where({ cart_id: cart.id })).toHaveLength(1);
    stripe.webhooks.url = undefined;
  });

  it.each([null, "2026-09-30.later"])("is read in another version: %s", async (api_version) => {
    const cart = await aCart();
    await stripe.confirm(cart.payment_session.data.client_secret);
    const event = { ...stripe.webhooks.events.at(-1)!, api_version: api_version as string };
    stripe.webhooks.url = `${shop.url}/stripe/hooks`;
    expect((await stripe.webhooks.send(event)).status).toBe(200);
    stripe.webhooks.url = undefined;
    expect(await shop.knex("order").where({ cart_id: cart.id })).toHaveLength(1);
  });
});
