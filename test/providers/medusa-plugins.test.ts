import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMedusaPlugins } from "../../src/providers/medusa-plugins/load-medusa-plugins.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aShippingOption, aShopSetup, fillCart } from "../support/builders.ts";
import { writeMedusaShopFolder } from "../support/medusa-shop-folder.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const { folder, write, remove } = writeMedusaShopFolder();
afterAll(remove);
const load = (...plugins: string[]) => loadMedusaPlugins({ folder, plugins }, createLog("silent"));

type Payment = { state: string; amount: number; payer?: string };
const payments = () =>
  (globalThis as unknown as { walletPayments: Map<string, Payment> }).walletPayments;

describe("a plugin of Medusa's is refused", () => {
  it.each([
    ["that is not installed", ["unknown"], /MEDUSA_PLUGINS names unknown, which is not installed/],
    ["that brings no provider", ["plain"], /plain, which has no payment processor/],
  ])("%s", (_, plugins, message) => {
    expect(() => load(...plugins)).toThrow(message);
  });

  const writeAsking = (name: string, body: string) => {
    write(`node_modules/${name}/package.json`, "{}");
    write(
      `node_modules/${name}/services/${name}.js`,
      `exports.default = class { static identifier = "${name}"; static _isPaymentProcessor = true;
        ${body} };`,
    );
  };

  it.each(["orderService", "cartService", "customerService", "eventBusService", "query"])(
    "that asks for %s, with the name of it",
    (part) => {
      writeAsking(`greedy-${part}`, `constructor({ ${part} }) { this.x = ${part}; }`);
      expect(() => load(`greedy-${part}`)).toThrow(
        `The plugin greedy-${part} cannot be used: greedy-${part} asks for ${part} of Medusa's ` +
          "container, which Nettle does not have. docs/providers.md lists what there is.",
      );
    },
  );

  it("not for asking for what docs/providers.md lists", () => {
    const parts = "logger, configModule, featureFlagRouter, manager";
    writeAsking("modest", `constructor({ ${parts} }) { logger.info(String(manager)); }`);
    expect(load("modest").payment.map(({ id }) => id)).toEqual(["modest"]);
  });

  it("when it asks later, by the question that makes it ask", async () => {
    writeAsking(
      "late",
      `constructor(container) { this.container = container; }
       async initiatePayment() { return this.container.orderService.list(); }`,
    );
    const { payment } = loadMedusaPlugins({ folder, plugins: ["late"] }, createLog("silent"));
    const signal = AbortSignal.timeout(5000);
    const initiating = payment[0]!.initiate({ data: {}, customer: null } as never, { signal });
    await expect(initiating).rejects.toThrow("Nettle has no orderService for plugins of Medusa");
  });

  it("without the folder of a Medusa backend", () => {
    const empty = mkdtempSync(join(tmpdir(), "nettle-empty-"));
    const settings = { folder: empty, plugins: ["wallet-plugin"] };
    expect(() => loadMedusaPlugins(settings, createLog("silent"))).toThrow(/no medusa-config.js/);
    rmSync(empty, { recursive: true });
  });
});

describe("a shop with plugins of Medusa's", () => {
  const shop = openShop({ providers: load("wallet-plugin", ".") });
  let setup: Awaited<ReturnType<typeof aShopSetup>>;
  beforeAll(async () => {
    setup = await aShopSetup(shop.knex, { providers: ["wallet", "manual"] });
  });
  const aCart = async () => {
    const cart = await fillCart(shop, setup);
    const chosen = await shop.post(`/store/carts/${cart.id}/payment-session`, {
      provider_id: "wallet",
    });
    expect(chosen.status, chosen.text).toBe(200);
    return chosen.body.cart;
  };

  it("pays with the plugin's processor, which is told what it wanted to know", async () => {
    const cart = await aCart();
    const { id } = cart.payment_session.data;
    expect(id).toMatch(/^w_/);
    await shop.post(`/store/carts/${cart.id}/line-items`, {
      variant_id: setup.variantId,
      quantity: 1,
    });
    await shop.post(`/store/carts/${cart.id}/payment-sessions`);
    expect(payments().get(id)).toMatchObject({ amount: 2000, payer: `ref_${id}` });
    const { body } = await shop.post(`/store/carts/${cart.id}/complete`);
    expect(body).toMatchObject({ type: "order", data: { total: 2000 } });
    expect(payments().get(id)).toMatchObject({ state: "held", amount: 2000 });
  });

  it("voids what the processor holds when the order cannot be placed", async () => {
    const cart = await aCart();
    const { id } = cart.payment_session.data;
    const stock = { inventory_quantity: 0, manage_inventory: true, allow_backorder: false };
    await shop.knex("product_variant").where({ id: setup.variantId }).update(stock);
    expect((await shop.post(`/store/carts/${cart.id}/complete`)).status).toBe(409);
    await expect.poll(() => payments().get(id)).toMatchObject({ state: "void" });
    await shop
      .knex("product_variant")
      .where({ id: setup.variantId })
      .update({ inventory_quantity: 100 });
  });

  it("shows what the processor refuses, in its words", async () => {
    const dear = await aShopSetup(shop.knex, { providers: ["wallet"], price: 100_000 });
    await expect(fillCart(shop, dear)).rejects.toThrow("Too much: at most 900.00");
  });

  it("asks the plugin's carrier for prices and for what the shopper chose", async () => {
    const option = await aShippingOption(shop.knex, {
      region_id: setup.regionId,
      provider_id: "points",
      price_type: "calculated",
      amount: null,
      data: { base: 100 },
    });
    const cart = await fillCart(shop, setup);
    const { body } = await shop.get(`/store/shipping-options/${cart.id}`);
    expect(body.shipping_options).toMatchObject([{ id: option.id, amount: 110 }]);
    const url = `/store/carts/${cart.id}/shipping-methods`;
    expect(await shop.post(url, { option_id: option.id })).toBeRefused(400, {
      message: "Choose a point",
    });
    const chosen = await shop.post(url, { option_id: option.id, data: { point: "P1" } });
    expect(chosen.status, chosen.text).toBe(200);
    expect(chosen.body.cart.shipping_methods).toMatchObject([
      { price: 110, data: { point: "P1", to: "gro@example.com" } },
    ]);
    await shop.post(`/store/carts/${cart.id}/payment-session`, { provider_id: "wallet" });
    const { body: completed } = await shop.post(`/store/carts/${cart.id}/complete`);
    expect(completed).toMatchObject({ type: "order", data: { shipping_total: 110, total: 1110 } });
  });
});
