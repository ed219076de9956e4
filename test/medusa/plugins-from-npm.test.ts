import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { loadMedusaPlugins } from "../../src/providers/medusa-plugins/load-medusa-plugins.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aShopSetup, fillCart } from "../support/builders.ts";
import { startFakeStripe, stripeKeys } from "../support/fake-stripe/fake-stripe.ts";
import { openShop } from "../support/open-shop.ts";
import { startFakePaypal } from "./fake-paypal.ts";
import { installMedusa } from "./install-medusa.ts";
import { redirectHosts } from "./redirect-hosts.ts";

const [stripe, paypal] = [await startFakeStripe(), await startFakePaypal()];
const endRedirect = redirectHosts({
  "api.stripe.com": Number(new URL(stripe.url).port),
  "api-m.sandbox.paypal.com": paypal.port,
});
const folder = mkdtempSync(join(tmpdir(), "nettle-medusa-shop-"));
symlinkSync(join(installMedusa(), "node_modules"), join(folder, "node_modules"));
writeFileSync(
  join(folder, "medusa-config.js"),
  `module.exports = { plugins: [
    { resolve: "medusa-payment-stripe", options: { api_key: "${stripeKeys.secret}" } },
    { resolve: "medusa-payment-paypal",
      options: { sandbox: true, clientId: "me", clientSecret: "secret" } },
  ] };`,
);
mkdirSync(join(folder, "services"));
writeFileSync(
  join(folder, "services", "on-account.js"),
  `const { AbstractPaymentProcessor } = require("@medusajs/medusa");
  module.exports = class OnAccount extends AbstractPaymentProcessor {
    static identifier = "on-account";
    async initiatePayment({ amount }) { return { session_data: { id: "acc", amount } }; }
    async updatePayment({ amount }) { return { session_data: { id: "acc", amount } }; }
    async updatePaymentData(id, data) { return data; }
    async authorizePayment(data) { return { status: "authorized", data }; }
    async getPaymentStatus() { return "authorized"; }
    async capturePayment(data) { return data; }
    async cancelPayment(data) { return data; }
    async deletePayment(data) { return data; }
    async retrievePayment(data) { return data; }
    async refundPayment(data) { return data; }
  };`,
);
afterAll(async () => {
  endRedirect();
  await Promise.all([stripe.close(), paypal.close()]);
  rmSync(folder, { recursive: true });
});

const plugins = ["medusa-payment-stripe", "medusa-payment-paypal", "."];
const shop = openShop({
  providers: loadMedusaPlugins({ folder, plugins }, createLog("silent")),
  fill: async (knex) => {
    await migrateDatabase(knex, { adopt: true, log: () => undefined });
  },
});
const aCart = async (provider: string) => {
  const setup = await aShopSetup(shop.knex, { providers: [provider] });
  const cart = await fillCart(shop, setup);
  await shop.post(`/store/carts/${cart.id}/line-items`, {
    variant_id: setup.variantId,
    quantity: 1,
  });
  const { body } = await shop.post(`/store/carts/${cart.id}/payment-sessions`);
  return { ...body.cart, variantId: setup.variantId };
};
const complete = (id: string) => shop.post(`/store/carts/${id}/complete`);
const sellOut = (id: string) =>
  shop
    .knex("product_variant")
    .where({ id })
    .update({ inventory_quantity: 0, manage_inventory: true, allow_backorder: false });

describe("Medusa's plugin for Stripe, unchanged", () => {
  it("pays for an order with one payment intent that followed the cart", async () => {
    const cart = await aCart("stripe");
    expect(cart.payment_session.data).toMatchObject({ object: "payment_intent", amount: 2000 });
    await stripe.confirm(cart.payment_session.data.client_secret);
    expect((await complete(cart.id)).body).toMatchObject({ type: "order", data: { total: 2000 } });
    const intents = [...stripe.account.intents.values()].filter(
      ({ metadata }) => metadata["resource_id"] === cart.id,
    );
    expect(intents).toMatchObject([{ amount_capturable: 2000 }]);
  });

  it("gives the money back when the goods are gone", async () => {
    const cart = await aCart("stripe");
    await stripe.confirm(cart.payment_session.data.client_secret);
    await sellOut(cart.variantId);
    expect((await complete(cart.id)).status).toBe(409);
    await expect
      .poll(() => stripe.account.intent(cart.payment_session.data.id).status)
      .toBe("canceled");
  });
});

describe("Medusa's plugin for PayPal, unchanged", () => {
  it("pays for an order that the shopper approved", async () => {
    const cart = await aCart("paypal");
    const { id } = cart.payment_session.data;
    expect(paypal.orders.get(id)?.purchase_units).toMatchObject([{ amount: { value: "20.00" } }]);
    expect((await complete(cart.id)).body.type).toBe("cart");
    paypal.approve(id);
    expect((await complete(cart.id)).body).toMatchObject({ type: "order", data: { total: 2000 } });
  });

  it("voids what it holds when the goods are gone", async () => {
    const cart = await aCart("paypal");
    const { id } = cart.payment_session.data;
    paypal.approve(id);
    await sellOut(cart.variantId);
    expect((await complete(cart.id)).status).toBe(409);
    await expect.poll(() => paypal.orders.get(id)?.status).toBe("VOIDED");
  });
});

it("a processor that a shop wrote for Medusa pays for an order", async () => {
  const cart = await aCart("on-account");
  expect((await complete(cart.id)).body).toMatchObject({ type: "order", data: { total: 2000 } });
});
