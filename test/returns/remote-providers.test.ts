import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { FulfillmentProvider } from "../../src/providers/fulfillment/fulfillment-provider.ts";
import type { TaxProvider } from "../../src/providers/tax/tax-provider.ts";
import { anOrder, aProduct, aRegion, aShippingOption } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { remoteCarrier } from "../support/remote-carrier.ts";

describe("a return with a remote carrier and tax service", () => {
  const conditions = { away: false };
  const announced: string[] = [];
  const tax: TaxProvider = {
    id: "remote-tax",
    taxLines: async ({ shipping_methods }) => {
      await sleep(20);
      if (conditions.away) throw new Error("connect ECONNREFUSED 10.0.0.1:443");
      return shipping_methods.map(({ shipping_method_id }) => ({
        shipping_method_id,
        rate: 5,
        name: "State",
        code: "CA",
      }));
    },
  };
  const carrier: FulfillmentProvider = {
    ...remoteCarrier(),
    createReturn: async ({ return_id, cart }) => {
      await sleep(20);
      announced.push(return_id);
      return { label: `${cart.items.length} for ${return_id}` };
    },
  };
  const shop = openShop({ providers: { tax: [tax], fulfillment: [carrier] } });

  const anOrderThere = async () => {
    const region = await aRegion(shop.knex, { tax_provider_id: "remote-tax" });
    const { variants } = await aProduct(shop.knex, { variants: [{ weight: 200 }] });
    const order = await anOrder(shop.knex, {
      region_id: region.id,
      fulfillment_status: "shipped",
      address: { country_code: null },
      lines: [{ quantity: 3, rates: [], variant_id: variants[0]!.id }],
    });
    const calculated = { price_type: "calculated", amount: null, provider_id: "remote-carrier" };
    const option = await aShippingOption(shop.knex, {
      region_id: region.id,
      is_return: true,
      ...calculated,
    });
    const items = [{ item_id: order.lines[0], quantity: 2 }];
    return { order, items, optionId: option.id };
  };

  it("costs the carrier's price and the service's tax for the returned quantity", async () => {
    const { order, items, optionId } = await anOrderThere();
    const { body } = await shop.post("/store/returns", {
      order_id: order.id,
      items,
      return_shipping: { option_id: optionId },
    });
    expect(body.return).toMatchObject({ refund_amount: 2000 - 420 });
    const method = await shop.knex("shipping_method").where({ return_id: body.return.id }).first();
    expect(method).toMatchObject({ price: 400, data: { checked: true } });
    expect(body.return.shipping_data).toEqual({ label: `1 for ${body.return.id}` });
    expect(announced).toEqual([body.return.id]);
    expect(
      await shop.knex("shipping_method_tax_line").where({ shipping_method_id: method.id }),
    ).toMatchObject([{ rate: 5, code: "CA" }]);
  });

  it("is not announced to the carrier when it is refused", async () => {
    const { order, items, optionId } = await anOrderThere();
    const before = [...announced];
    const ask = (input: object[]) =>
      shop.post("/store/returns", {
        order_id: order.id,
        items: input,
        return_shipping: { option_id: optionId },
      });
    const [item] = items;
    expect((await ask([{ ...item, quantity: 9 }])).status).toBe(400);
    expect((await ask([{ ...item, reason_id: "rr_x" }])).status).toBe(404);
    const twice = { ...item, quantity: 1 };
    expect((await ask([twice, twice])).status).toBe(422);
    expect(announced).toEqual(before);
  });

  it("costs the same in a swap", async () => {
    const { order, items, optionId } = await anOrderThere();
    const body = {
      order_id: order.id,
      return_items: items,
      additional_items: [],
      return_shipping_option: optionId,
    };
    const { swap } = (await shop.post("/store/swaps", body)).body;
    expect((await shop.get(`/store/carts/${swap.cart_id}`)).body.cart).toMatchObject({
      total: 420 - 2000,
    });
  });

  it("is answered 503 while they are unavailable", async () => {
    const { order, items, optionId } = await anOrderThere();
    conditions.away = true;
    const answer = await shop.post("/store/returns", {
      order_id: order.id,
      items,
      return_shipping: { option_id: optionId },
    });
    conditions.away = false;
    expect(answer).toMatchObject({ status: 503, body: { code: "provider_failed" } });
    expect(await shop.knex("return").where({ order_id: order.id })).toEqual([]);
  });
});
