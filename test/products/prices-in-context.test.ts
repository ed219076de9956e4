import { beforeAll, describe, expect, it } from "vitest";
import {
  aPriceList,
  aProduct,
  aPublishableKey,
  aRegion,
  aSalesChannel,
  aVariant,
} from "../support/builders.ts";
import { countRoundTrips } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";

describe("the prices of a list in a context", () => {
  const shop = openShop();
  let euro: { id: string };
  let dollar: { id: string };
  beforeAll(async () => {
    euro = await aRegion(shop.knex);
    dollar = await aRegion(shop.knex, { currency_code: "usd" });
    const { id: product_id } = await aProduct(shop.knex, {
      variants: [
        { prices: [{ amount: 100 }, { amount: 120, currency_code: "usd" }] },
        { prices: [{ amount: 200, currency_code: "usd" }] },
        { prices: [{ amount: 300, region_id: euro.id }, { amount: 310 }] },
        { prices: [] },
      ],
    });
    const listed = await aVariant(shop.knex, {
      product_id,
      prices: [{ amount: 400, currency_code: "usd" }],
    });
    await aPriceList(shop.knex, { prices: [{ variant_id: listed.id, amount: 90 }] });
    const draft = await aVariant(shop.knex, {
      product_id,
      prices: [{ amount: 500, currency_code: "usd" }],
    });
    await aPriceList(shop.knex, {
      status: "draft",
      prices: [{ variant_id: draft.id, amount: 80 }],
    });
  });

  const RELATIONS =
    "variants,variants.prices,variants.options,options,options.values,images,tags,collection," +
    "type,profiles";
  const amountsOf = (answer: { body: { products: { variants: Variant[] }[] } }) =>
    answer.body.products[0]?.variants.map(({ prices }) =>
      prices.map(({ amount }) => amount).sort(),
    );
  interface Variant {
    readonly prices: { readonly amount: number }[];
  }

  it("are those that a request which names its relations is shown", async () => {
    for (const place of [
      `region_id=${euro.id}`,
      `region_id=${dollar.id}`,
      "currency_code=usd",
      "currency_code=gbp",
      `region_id=${euro.id}&currency_code=usd`,
      "region_id=&currency_code=",
    ]) {
      const { body } = await shop.get(`/store/products?${place}`);
      const named = await shop.get(`/store/products?${place}&expand=${RELATIONS}`);
      expect(body, place).toEqual(named.body);
      const [{ id }] = body.products;
      const single = await shop.get(`/store/products/${id}?${place}`);
      expect(single.body.product, place).toEqual(body.products[0]);
    }
  });

  it("are of other places for a variant that has none there", async () => {
    expect(amountsOf(await shop.get(`/store/products?region_id=${euro.id}`))).toEqual([
      ...[[100], [200], [300, 310], []],
      ...[[90], [500]],
    ]);
  });

  it("follow at once what decides them", async () => {
    const { id: channel } = await aSalesChannel(shop.knex);
    const key = await aPublishableKey(shop.knex, { channels: [channel] });
    const list = () =>
      shop.get(`/store/products?region_id=${euro.id}`, { "x-publishable-api-key": key.id });
    expect((await list()).body.count).toBe(0);
    await shop.knex("publishable_api_key_sales_channel").where({ sales_channel_id: channel }).del();
    expect(amountsOf(await list())?.[0]).toEqual([100]);
    await shop.knex("region").where({ id: euro.id }).update({ currency_code: "usd" });
    expect(amountsOf(await list())?.[0]).toEqual([120]);
    await shop.knex("region").where({ id: euro.id }).update({ deleted_at: new Date() });
    expect((await list()).status).toBe(404);
    await shop.knex("region").where({ id: euro.id }).update({ deleted_at: null });
    expect((await list()).status).toBe(200);
  });

  it("are read in one round trip while that does not change", async () => {
    const path = `/store/products?region_id=${dollar.id}`;
    await shop.get(path);
    expect(await countRoundTrips(() => shop.get(path))).toBe(1);
  });
});
