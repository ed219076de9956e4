import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { type ApiClient, clientAt } from "../support/api-client.ts";
import { aProduct, aRegion, aShippingOption } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { type ExampleServices, openExampleServices } from "./example-services.ts";

const examples = join(projectRoot(), "docs/examples");
const example = (name: string) => join(examples, `${name}.js`);

let program: NettleProgram;
let database: TestDatabase;
let services: ExampleServices;
let server: ServerProcess;
let shopper: ApiClient;
beforeAll(async () => {
  program = buildProgram();
  [database, services] = await Promise.all([openDatabase(), openExampleServices()]);
  server = await program.serve({
    DATABASE_URL: database.url,
    JWT_SECRET: "jwt-secret",
    COOKIE_SECRET: "cookie-secret",
    RATE_LIMIT: "off",
    PROVIDERS: ["bank-payment", "parcel-fulfillment", "service-tax"].map(example).join(","),
    SUBSCRIBERS: example("mail-subscriber"),
    ...services.settings,
  });
  shopper = clientAt(server.url);
});
afterAll(async () => {
  server?.signal("SIGTERM");
  await server?.ended();
  program.remove();
  await services.close();
  await database.drop();
});

/** Builds a shop that sells with the examples only. */
async function aShop() {
  const { knex } = database;
  const region = await aRegion(knex, {
    countries: ["dk"],
    tax_provider_id: "tax-service",
    payment_providers: ["bank"],
    fulfillment_providers: ["parcel"],
  });
  const option = await aShippingOption(knex, {
    ...{ region_id: region.id, provider_id: "parcel", price_type: "calculated", amount: null },
    data: { service: "parcel" },
  });
  const product = await aProduct(knex, { variants: [{ weight: 400, prices: [{ amount: 1000 }] }] });
  return { regionId: region.id, optionId: option.id, variantId: product.variants[0]!.id };
}

/** Fills a cart of two, and returns it with its payment session. */
async function aPaidCart() {
  const setup = await aShop();
  const post = async (path: string, body: object = {}) => {
    const answer = await shopper.post(`/store/carts${path}`, body);
    expect(answer.status, answer.text).toBe(200);
    return answer.body.cart;
  };
  const items = [{ variant_id: setup.variantId, quantity: 2 }];
  const { id } = await post("", { region_id: setup.regionId, items });
  const shipping_address = { first_name: "Gro", country_code: "dk", postal_code: "1050" };
  await post(`/${id}`, { email: "gro@example.com", shipping_address });
  const { body } = await shopper.get(`/store/shipping-options/${id}`);
  expect(body.shipping_options).toMatchObject([{ id: setup.optionId, amount: 500 }]);
  const method = { option_id: setup.optionId };
  const refused = await shopper.post(`/store/carts/${id}/shipping-methods`, method);
  expect([refused.status, refused.body.message]).toEqual([400, "Choose a parcel point"]);
  await post(`/${id}/shipping-methods`, { ...method, data: { point_id: "P1" } });
  return post(`/${id}/payment-sessions`);
}

describe("a shop with the worked examples", () => {
  it("sells: taxes, shipping, payment and the mail come from the examples", async () => {
    const cart = await aPaidCart();
    expect(cart).toMatchObject({
      // 25 percent of 2 × 10.00, and 12 percent of 3.00 + 800 g × 0.25.
      ...{ subtotal: 2000, shipping_total: 500, tax_total: 560, total: 3060 },
      shipping_methods: [{ price: 500, data: { point_id: "P1", point_name: "Kiosk" } }],
      payment_session: { provider_id: "bank", data: { client_secret: expect.any(String) } },
    });
    const paid = await shopper.post(`/store/carts/${cart.id}/complete`);
    expect(paid.body, paid.text).toMatchObject({ type: "order", data: { total: 3060 } });
    const { id } = cart.payment_session.data;
    expect(services.bank.payments.get(id)).toMatchObject({
      status: "authorized",
      authorized: 3060,
    });
    await expect
      .poll(() => [...services.mails.values()], { timeout: 15_000 })
      .toEqual([
        { to: "gro@example.com", template: "order-placed", number: paid.body.data.display_id },
      ]);
  });

  it("completes a cart by the bank's webhook, once, and captures", async () => {
    const cart = await aPaidCart();
    const { id } = cart.payment_session.data;
    services.bank.pay(cart.id, "captured");
    const event = { type: "captured", payment: id, reference: cart.id };
    const address = `${server.url}/hooks/payment/bank`;
    expect(await services.sendBankWebhook(address, event)).toBe(200);
    expect(await services.sendBankWebhook(address, event)).toBe(200);
    const orders = await database.knex("order").where({ cart_id: cart.id });
    expect(orders).toMatchObject([{ payment_status: "captured" }]);
    expect(services.bank.payments.get(id)).toMatchObject({ captured: 3060, refunded: 0 });
    const forged = await fetch(address, { method: "POST", body: JSON.stringify(event) });
    expect(forged.status).toBe(400);
  });
});

describe("the contract is kept by the worked", () => {
  it.each([
    ["payment provider", "bank-payment", ["--support", example("bank-payment-support")]],
    [
      "fulfillment provider",
      "parcel-fulfillment",
      ["--support", example("parcel-fulfillment-support")],
    ],
    ["tax provider", "service-tax", []],
  ])("%s", async (_, name, more) => {
    const words = ["providers", "test", example(name), ...more, "--json"].join(" ");
    const { code, out } = await program.run(words, services.settings);
    const { failed, not_applicable, providers } = JSON.parse(out);
    expect([code, failed], out).toEqual([0, 0]);
    const skipped = providers[0].checks.filter(
      ({ outcome }: { outcome: string }) => outcome === "not_applicable",
    );
    expect([skipped.length, not_applicable], JSON.stringify(skipped)).toEqual(
      name === "bank-payment" ? [2, 2] : [1, 1],
    );
  });

  it("payment provider, which leaves no money behind", () => {
    const { held, netCaptured } = services.bank.totals();
    // The two orders of the first stories.
    expect([held, netCaptured]).toEqual([3060, 3060]);
  });
});

describe("an example without its settings", () => {
  it("stops the start with a sentence", async () => {
    const { code, error } = await program.run(`providers test ${example("bank-payment")}`, {});
    expect([code, error.trim()]).toEqual([
      1,
      `You named ${example("bank-payment")}, which cannot be loaded: ` +
        "BANK_URL and BANK_KEY must be set",
    ]);
  });
});
