import { beforeAll, describe, expect, it } from "vitest";
import {
  aCustomerGroup,
  aPriceList,
  aProduct,
  aPublishableKey,
  aRegion,
  aSalesChannel,
  aTaxRate,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("reading variants", () => {
  const shop = openShop();
  let region: { id: string };
  let channel: { id: string };
  let kettle: Awaited<ReturnType<typeof aProduct>>;
  let draft: typeof kettle;
  let elsewhere: typeof kettle;
  const titles = async (query = "", headers = {}) => {
    const { body } = await shop.get(`/store/variants?expand=${query}`, headers);
    return body.variants.map((variant: { title: string }) => variant.title);
  };
  beforeAll(async () => {
    region = await aRegion(shop.knex);
    channel = await aSalesChannel(shop.knex);
    kettle = await aProduct(shop.knex, {
      title: "Kettle",
      variants: [
        {
          title: "Small",
          inventory_quantity: 0,
          created_at: "2026-01-01",
          prices: [{ amount: 4900 }, { amount: 5500, currency_code: "usd" }],
        },
        {
          title: "Large",
          inventory_quantity: 7,
          created_at: "2026-01-02",
          prices: [{ amount: 5900 }],
        },
      ],
    });
    draft = await aProduct(shop.knex, { status: "draft", variants: [{ title: "Draft" }] });
    elsewhere = await aProduct(shop.knex, {
      channels: [channel.id],
      variants: [{ title: "Elsewhere" }],
    });
  });

  it("refuses invalid parameters and names each of them", async () => {
    expect(
      await shop.get("/store/variants?q=x&order=title&limit=x&ids[]=1&expand[]=2"),
    ).toBeRefused(400, {
      message:
        "property q should not exist, property order should not exist, " +
        "limit must be an integer number, ids must be a string, expand must be a string",
    });
    expect(await shop.get("/store/variants?limit=x&title[a]=1")).toBeRefused(400, {
      message: JSON.stringify({
        message: "title must be one of: String,String",
        details: {
          String: ["String validation failed: [object Object] is not a string"],
          undefined: ["title must be an array"],
        },
      }),
    });
    expect(await shop.get("/store/variants?inventory_quantity[gt]=many")).toBeRefused(400, {
      message: JSON.stringify({
        message: "inventory_quantity must be one of: Number,NumericalComparisonOperator",
        details: {
          Number: ["Number validation failed: [object Object] is not a number"],
          NumericalComparisonOperator: [
            "gt must be a number conforming to the specified constraints",
          ],
        },
      }),
    });
    expect(await shop.get("/store/variants?expand=product.variants")).toBeRefused(400);
    expect(await shop.get("/store/variants?fields=product.variants.prices.amount")).toBeRefused(
      400,
    );
    expect(await shop.get("/store/variants?cart_id=cart_nope")).toBeRefused(404, {
      message: "Cart with cart_nope was not found",
    });
    expect(await shop.get("/store/variants?region_id=reg_nope")).toBeRefused(404, {
      message: "Region with reg_nope was not found",
    });
  });

  it("answers 404 for unknown variants and those of drafts", async () => {
    for (const id of [draft.variants[0]?.id, "nope", "constructor"])
      expect(await shop.get(`/store/variants/${id}`)).toBeRefused(404, {
        message: `Variant with id: ${id} was not found`,
      });
    expect(await titles(`&ids=${draft.variants[0]?.id}`)).toEqual([]);
  });

  it("finds variants of the publishable key's channels, else of the default channel", async () => {
    const { id } = await aPublishableKey(shop.knex, { channels: [channel.id] });
    const key = { "x-publishable-api-key": id };
    const [small] = kettle.variants;
    expect(await titles()).toEqual(["Large", "Small"]);
    expect(await titles("", key)).toEqual(["Elsewhere"]);
    expect(await titles(`&sales_channel_id=${channel.id}`)).toEqual(["Elsewhere"]);
    expect(await shop.get("/store/variants?sales_channel_id=sc_other", key)).toBeRefused(400);
    expect(await shop.get(`/store/variants/${small?.id}`, key)).toBeRefused(400, {
      message: /^Provided request body contains errors/,
    });
    expect((await shop.get(`/store/variants/${elsewhere.variants[0]?.id}`, key)).status).toBe(200);
  });

  it("filters by ids, titles and stock", async () => {
    const [small, large] = kettle.variants.map((variant) => variant.id);
    expect(await titles(`&ids=${small},nope&id=${large}`)).toEqual(["Small"]);
    expect(await titles(`&id[]=${small},${large}`)).toEqual(["Large", "Small"]);
    expect(await titles("&title=Small&title=Other")).toEqual(["Small"]);
    expect(await titles("&inventory_quantity=7")).toEqual(["Large"]);
    expect(await titles("&inventory_quantity[gt]=-0.5&inventory_quantity[lt]=1e300")).toEqual([
      "Large",
      "Small",
    ]);
    expect(await titles("&inventory_quantity[gte]=0.5")).toEqual(["Large"]);
    expect(await titles("&limit=1&offset=1")).toEqual(["Small"]);
  });

  it("returns prices with the taxes of each product", async () => {
    const taxed = await aProduct(shop.knex, {
      variants: [{ title: "Reduced", prices: [{ amount: 1000 }] }],
    });
    await aTaxRate(shop.knex, { region_id: region.id, rate: 7, products: [taxed.id] });
    const { body } = await shop.get(`/store/variants?region_id=${region.id}&fields=title&expand=`);
    const incl = Object.fromEntries(
      body.variants.map((variant: { title: string; calculated_price_incl_tax: number }) => [
        variant.title,
        variant.calculated_price_incl_tax,
      ]),
    );
    expect(incl).toEqual({ Small: 5831, Large: 7021, Reduced: 1070 });
    await shop.knex("product").where({ id: taxed.id }).update({ deleted_at: new Date() });
  });

  it("returns no calculated price when no price matches", async () => {
    const large = kettle.variants[1]?.id;
    const listed = (await shop.get(`/store/variants?ids=${large}&currency_code=jpy`)).body
      .variants[0];
    const single = (await shop.get(`/store/variants/${large}?currency_code=jpy`)).body.variant;
    expect(listed).not.toHaveProperty("calculated_price");
    expect(listed).not.toHaveProperty("prices");
    expect(single).not.toHaveProperty("calculated_price");
    expect(single.prices).toHaveLength(1);
  });

  it("never uses a price list for other customer groups", async () => {
    const [small] = kettle.variants;
    const group = await aCustomerGroup(shop.knex);
    const prices = [{ variant_id: small!.id, amount: 1 }];
    await aPriceList(shop.knex, { customer_groups: [group.id], prices });
    for (const query of [
      "",
      `?region_id=${region.id}`,
      "?currency_code=eur",
      "?fields=title&expand=product",
      "?fields=prices.amount",
    ]) {
      const answer = await shop.get(`/store/variants/${small?.id}${query}`);
      expect(answer.status).toBe(200);
      expect(
        answer.body.variant.prices.map((each: { amount: number }) => each.amount),
      ).not.toContain(1);
    }
  });
});
