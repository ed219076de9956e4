import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FulfillmentProvider } from "../../src/providers/fulfillment/fulfillment-provider.ts";
import { aDiscount, aShippingOption, aShopSetup, type ShopSetup } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

type Answer = () => number | Promise<number>;
const ANSWERS = {
  throws: () => {
    throw new Error("connect ECONNREFUSED 10.0.0.9:443");
  },
  invalidAnswer: () => "much" as unknown as number,
  fraction: () => 12.5,
  negative: () => -1,
  hangs: () => new Promise<number>(() => {}),
  works: () => 700,
} satisfies Record<string, Answer>;

/** Carriers that fail in their own ways, and one that fails when a test says so. */
describe("a carrier that fails", () => {
  const logged: Record<string, unknown>[] = [];
  const asked: string[] = [];
  const moody = { answer: ANSWERS.works as Answer };
  const carrier = (id: string, answer: Answer): FulfillmentProvider => ({
    id,
    calculatePrice: () => {
      asked.push(id);
      return answer();
    },
    validateFulfillmentData: ({ data }) => data,
  });
  const fulfillment = [
    ...Object.entries(ANSWERS).map(([id, answer]) => carrier(id, answer)),
    carrier("moody", () => moody.answer()),
  ];
  const shop = openShop({
    settings: { SHIPPING_LIST_SECONDS: "1", PROVIDER_SECONDS: "2", LOG_LEVEL: "warn" },
    providers: { fulfillment },
    logTo: { write: (line) => logged.push(JSON.parse(line)) },
  });
  let setup: ShopSetup;
  let moodyOption: string;
  const an = async (name: string, attributes: Parameters<typeof aShippingOption>[1] = {}) =>
    (await aShippingOption(shop.knex, { region_id: setup.regionId, name, ...attributes })).id;
  const calculated = { price_type: "calculated", amount: null };
  beforeAll(async () => {
    setup = await aShopSetup(shop.knex);
    await an("Standard");
    for (const provider_id of Object.keys(ANSWERS))
      await an(provider_id, { ...calculated, provider_id });
    moodyOption = await an("moody", { ...calculated, provider_id: "moody" });
    await shop.knex("fulfillment_provider").insert({ id: "absent", is_installed: true });
    await an("absent", { ...calculated, provider_id: "absent" });
    await an("absent at a flat rate", { provider_id: "absent" });
    await aDiscount(shop.knex, { code: "SHIPFREE", type: "free_shipping" });
    await aDiscount(shop.knex, { code: "TEN" });
  });
  beforeEach(() => {
    moody.answer = ANSWERS.works;
    asked.length = 0;
    logged.length = 0;
  });

  const post = async (path: string, body: object = {}) => {
    const answer = await shop.post(`/store/carts${path}`, body);
    expect(answer.status, answer.text).toBe(200);
    return answer.body.cart;
  };
  async function aCart(codes: readonly string[] = []): Promise<string> {
    const items = [{ variant_id: setup.variantId, quantity: 1 }];
    const { id } = await post("", { region_id: setup.regionId, items });
    await post(`/${id}`, {
      email: "gro@example.com",
      discounts: codes.map((code) => ({ code })),
    });
    return id;
  }
  const shipped = async (codes: readonly string[] = []) => {
    const id = await aCart(codes);
    await post(`/${id}/shipping-methods`, { option_id: moodyOption });
    return id;
  };

  describe("in a list of shipping options", () => {
    const listed = (options: { name: string; amount: number | null }[]) =>
      Object.fromEntries(options.map(({ name, amount }) => [name, amount]));

    it("leaves out its own options only, within the list's own time", async () => {
      const id = await aCart();
      const start = performance.now();
      const { status, body } = await shop.get(`/store/shipping-options/${id}`);
      expect(performance.now() - start).toBeLessThan(1900);
      expect(status).toBe(200);
      expect(listed(body.shipping_options)).toEqual({ Standard: 500, works: 700, moody: 700 });
    });

    it("is logged with its cause", async () => {
      await shop.get(`/store/shipping-options/${await aCart()}`);
      const failed = logged.filter(({ event }) => event === "carrier_failed");
      expect(failed.map(({ provider_id }) => provider_id).toSorted()).toEqual([
        "fraction",
        "hangs",
        "invalidAnswer",
        "negative",
        "throws",
      ]);
      expect(failed.find(({ provider_id }) => provider_id === "throws")).toMatchObject({
        err: { message: expect.stringContaining("connect ECONNREFUSED 10.0.0.9:443") },
      });
      expect(logged.filter(({ event }) => event === "carrier_missing")).toHaveLength(2);
    });

    it("is not asked for the list of all options", async () => {
      const { status, body } = await shop.get(
        `/store/shipping-options?region_id=${setup.regionId}`,
      );
      expect(status).toBe(200);
      expect(body.shipping_options).toHaveLength(10);
      expect(asked).toEqual([]);
    });
  });

  describe("whose method is free of charge", () => {
    it("is not asked", async () => {
      moody.answer = ANSWERS.throws;
      const id = await shipped(["SHIPFREE"]);
      await post(`/${id}`, { discounts: [{ code: "SHIPFREE" }, { code: "TEN" }] });
      expect(asked).toEqual([]);
      expect(await post(`/${id}/payment-sessions`)).toMatchObject({
        total: 900,
        shipping_methods: [{ price: 0 }],
      });
    });

    it("is not asked when shipping becomes free", async () => {
      const id = await shipped();
      moody.answer = ANSWERS.throws;
      const cart = await post(`/${id}`, { discounts: [{ code: "SHIPFREE" }] });
      expect(cart).toMatchObject({ total: 1000, shipping_methods: [{ price: 0 }] });
      expect(asked).toHaveLength(1);
    });

    it("is asked when shipping costs again", async () => {
      const id = await shipped(["SHIPFREE"]);
      expect(await post(`/${id}`, { discounts: [] })).toMatchObject({ shipping_total: 700 });
    });
  });

  describe("whose method is in a cart", () => {
    it("keeps its price through every change that does not concern it", async () => {
      const id = await shipped();
      moody.answer = ANSWERS.throws;
      const changes = [
        { email: "eva@example.com" },
        { context: { from: "mail" } },
        { discounts: [{ code: "TEN" }] },
        { region_id: setup.regionId },
        { billing_address: { first_name: "Eva" } },
      ];
      for (const change of changes)
        expect(await post(`/${id}`, change)).toMatchObject({ shipping_total: 700 });
      expect(await post(`/${id}/payment-sessions`)).toMatchObject({ total: 1600 });
      const { body } = await shop.post(`/store/carts/${id}/complete`);
      expect(body).toMatchObject({ type: "order", data: { total: 1600 } });
    });

    it.each(["throws", "invalidAnswer", "hangs"] as const)(
      "is chosen again when free shipping ends and the carrier %s",
      async (kind) => {
        const code = `FREE-${kind.toUpperCase()}`;
        await aDiscount(shop.knex, { code, type: "free_shipping" });
        const id = await shipped([code]);
        await shop.knex("discount").where({ code }).update({ is_disabled: true });
        moody.answer = ANSWERS[kind];
        const cart = await post(`/${id}/payment-sessions`);
        expect(cart).toMatchObject({ total: 1000, discounts: [], shipping_methods: [] });
        expect(cart.items).toMatchObject([{ has_shipping: false }]);
        expect(await shop.post(`/store/carts/${id}/complete`)).toBeRefused(400, {
          message: "A shipping method must be chosen before the cart is completed",
        });
        moody.answer = ANSWERS.works;
        await post(`/${id}/shipping-methods`, { option_id: moodyOption });
        await post(`/${id}/payment-sessions`);
        const { body } = await shop.post(`/store/carts/${id}/complete`);
        expect(body).toMatchObject({ type: "order", data: { total: 1700 } });
      },
    );

    it("cannot be chosen", async () => {
      moody.answer = ANSWERS.throws;
      const answer = await shop.post(`/store/carts/${await aCart()}/shipping-methods`, {
        option_id: moodyOption,
      });
      expect(answer).toBeRefused(503);
    });
  });
});
