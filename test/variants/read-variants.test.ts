import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/database/new-id.ts";
import { aProduct, aPublishableKey, aRegion, aSalesChannel } from "../support/builders.ts";
import { aTaxRate } from "../support/catalogue-builders.ts";
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

  it("refuses what cannot be read, naming every fault", async () => {
    expect(
      await shop.get("/store/variants?q=x&order=title&limit=x&ids[]=1&expand[]=2"),
    ).toBeRefused(400, {
      message:
        "property q should not exist, property order should not exist, limit must be an integer number, ids must be a string, expand must be a string",
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

  it("finds neither unknown variants nor those of drafts", async () => {
    for (const id of [draft.variants[0]?.id, "nope", "constructor"])
      expect(await shop.get(`/store/variants/${id}`)).toBeRefused(404, {
        message: `Variant with id: ${id} was not found`,
      });
    expect(await titles(`&ids=${draft.variants[0]?.id}`)).toEqual([]);
  });

  it("keeps to the channels of a publishable key, else to the default one", async () => {
    const key = { "x-publishable-api-key": (await aPublishableKey(shop.knex, [channel.id])).id };
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

  it("filters by ids, titles and stock, and pages", async () => {
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

  it("always shows prices, with the taxes of each one's own product", async () => {
    const taxed = await aProduct(shop.knex, {
      variants: [{ title: "Reduced", prices: [{ amount: 1000 }] }],
    });
    const rate = await aTaxRate(shop.knex, region.id, { rate: 7 });
    await shop.knex("product_tax_rate").insert({ product_id: taxed.id, rate_id: rate.id });
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

  it("has no price fields where no price matches, and then lists prices for a single one alone", async () => {
    const large = kettle.variants[1]?.id;
    const listed = (await shop.get(`/store/variants?ids=${large}&currency_code=jpy`)).body
      .variants[0];
    const single = (await shop.get(`/store/variants/${large}?currency_code=jpy`)).body.variant;
    expect(listed).not.toHaveProperty("calculated_price");
    expect(listed).not.toHaveProperty("prices");
    expect(single).not.toHaveProperty("calculated_price");
    expect(single.prices).toHaveLength(1);
  });

  it("never prices by a list for others, whatever is shown", async () => {
    const [small] = kettle.variants;
    const group = newId("cgrp");
    await shop.knex("customer_group").insert({ id: group, name: "VIP" });
    const list = newId("pl");
    await shop
      .knex("price_list")
      .insert({ id: list, name: "VIP", description: "", type: "sale", status: "active" });
    await shop
      .knex("price_list_customer_groups")
      .insert({ price_list_id: list, customer_group_id: group });
    const price = newId("ma");
    await shop
      .knex("money_amount")
      .insert({ id: price, currency_code: "eur", amount: 1, price_list_id: list });
    await shop
      .knex("product_variant_money_amount")
      .insert({ id: newId("pvma"), variant_id: small?.id, money_amount_id: price });
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
