import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TaxProvider, TaxQuestion } from "../../src/providers/tax/tax-provider.ts";
import { aPaymentSession, aProduct, aRegion, aShippingOption } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { remoteCarrier } from "../support/remote-carrier.ts";
import "../support/to-be-refused.ts";

/** Custom providers that need time: a tax service, and a carrier that weighs parcels. */
describe("a cart with remote providers", () => {
  const asked: TaxQuestion[] = [];
  const conditions = { away: false, meanwhile: async () => {} };
  const tax: TaxProvider = {
    id: "remote-tax",
    taxLines: async (question) => {
      asked.push(question);
      await sleep(20);
      await conditions.meanwhile();
      if (conditions.away) throw new Error("connect ECONNREFUSED 10.0.0.1:443");
      return [
        ...question.items.map(({ item_id }) => ({
          item_id,
          rate: 8.25,
          name: "State",
          code: "CA",
        })),
        ...question.shipping_methods.map(({ shipping_method_id }) => ({
          shipping_method_id,
          rate: 5,
          name: "State",
          code: "CA",
        })),
      ];
    },
  };
  const carrier = remoteCarrier();
  const shop = openShop({ providers: { tax: [tax], fulfillment: [carrier] } });
  let regionId: string;
  let variantId: string;
  let optionId: string;
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex, { countries: ["us"], tax_provider_id: "remote-tax" })).id;
    variantId = (await aProduct(shop.knex, { variants: [{ weight: 200 }] })).variants[0]!.id;
    const calculated = { price_type: "calculated", amount: null, provider_id: "remote-carrier" };
    optionId = (await aShippingOption(shop.knex, { region_id: regionId, ...calculated })).id;
  });
  beforeEach(() => Object.assign(conditions, { away: false, meanwhile: async () => {} }));

  async function aCart(): Promise<string> {
    const items = [{ variant_id: variantId, quantity: 2 }];
    return (await shop.post("/store/carts", { region_id: regionId, items })).body.cart.id;
  }

  it("has the tax service's rates, and a payment session of the new total", async () => {
    const id = await aCart();
    await aPaymentSession(shop.knex, { cart_id: id, amount: 1 });
    const { body } = await shop.post(`/store/carts/${id}/line-items`, {
      variant_id: variantId,
      quantity: 1,
    });
    expect(body.cart).toMatchObject({
      subtotal: 3000,
      tax_total: 248,
      total: 3248,
      items: [{ tax_lines: [{ rate: 8.25, code: "CA" }] }],
    });
    expect(await shop.knex("payment_session").where({ cart_id: id }).first("amount")).toEqual({
      amount: 3248,
    });
    expect((await shop.get(`/store/carts/${id}`)).body.cart).toMatchObject({ total: 3248 });
    expect(asked.at(-1)).toMatchObject({
      region_id: regionId,
      items: [{ quantity: 3, unit_price: 1000, rates: [{ rate: 19 }] }],
    });
  });

  it("ships at the carrier's price with the data that it returns", async () => {
    const id = await aCart();
    expect((await shop.get(`/store/shipping-options/${id}`)).body.shipping_options).toMatchObject([
      { id: optionId, amount: 400 },
    ]);
    const { body } = await shop.post(`/store/carts/${id}/shipping-methods`, {
      option_id: optionId,
      data: { floor: 4 },
    });
    expect(body.cart.shipping_methods).toMatchObject([
      { price: 400, tax_total: 20, data: { floor: 4, checked: true } },
    ]);
  });

  it("is unchanged when the tax service is unavailable", async () => {
    const id = await aCart();
    conditions.away = true;
    expect(
      await shop.post(`/store/carts/${id}/line-items`, { variant_id: variantId, quantity: 1 }),
    ).toBeRefused(503);
    conditions.away = false;
    expect((await shop.get(`/store/carts/${id}`)).body.cart.items).toMatchObject([{ quantity: 2 }]);
  });

  it("is not locked during a provider call, which is repeated after a change", async () => {
    const id = await aCart();
    const [line] = (await shop.get(`/store/carts/${id}`)).body.cart.items;
    let remaining = 1;
    conditions.meanwhile = async () => {
      // Another program changes the cart. A lock of ours would block it.
      if (remaining-- > 0)
        await shop.knex("line_item").where({ id: line.id }).update({ quantity: 5 });
    };
    const before = asked.length;
    const { body } = await shop.post(`/store/carts/${id}/line-items`, {
      variant_id: variantId,
      quantity: 1,
    });
    expect(body.cart.items).toMatchObject([{ quantity: 6 }]);
    expect(asked.slice(before).map(({ items }) => items[0]?.quantity)).toEqual([3, 6]);
  });
});
