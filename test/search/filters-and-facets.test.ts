import type { Knex } from "knex";
import { beforeAll, describe, expect, it } from "vitest";
import { aProduct, aPublishableKey, aSalesChannel } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { searchTitles } from "./search-titles.ts";
import "../support/to-be-refused.ts";

async function fill(knex: Knex): Promise<void> {
  await knex("product_collection").insert([
    { id: "pcol_summer", title: "Été 26", handle: "summer" },
    { id: "pcol_basics", title: "Basics", handle: "basics" },
  ]);
  await knex("product_type").insert([{ id: "ptyp_shirt", value: "Shirts" }]);
  await knex("product_tag").insert([
    { id: "ptag_new", value: "New" },
    { id: "ptag_sale", value: "On sale" },
  ]);
  await knex("product_category").insert([
    { id: "pcat_men", name: "Men", handle: "men", mpath: "pcat_men.", is_active: true, rank: 0 },
    {
      id: "pcat_secret",
      name: "Secret",
      handle: "secret",
      mpath: "pcat_secret.",
      is_active: true,
      is_internal: true,
      rank: 1,
    },
  ]);
  await aProduct(knex, {
    title: "Linen Shirt",
    collection_id: "pcol_summer",
    type_id: "ptyp_shirt",
    tags: ["ptag_new", "ptag_sale"],
    categories: ["pcat_men", "pcat_secret"],
    variants: [
      { sku: "LINEN-S", prices: [{ amount: 4000 }, { amount: 4400, currency_code: "usd" }] },
      { prices: [{ amount: 6000 }] },
    ],
  });
  await aProduct(knex, {
    title: "Oxford Shirt",
    collection_id: "pcol_basics",
    type_id: "ptyp_shirt",
    tags: ["ptag_sale"],
    variants: [{ prices: [{ amount: 9000 }] }],
  });
  await aProduct(knex, { title: "Gift Card", is_giftcard: true, variants: [{ prices: [] }] });
}

describe("filters and facets of a search", () => {
  const shop = openShop({ fill });
  const search = (body: unknown) => shop.post("/store/products/search", body);
  let outlet: { id: string };
  beforeAll(async () => {
    outlet = await aSalesChannel(shop.knex);
    await aProduct(shop.knex, { title: "Outlet Shirt", channels: [outlet.id], tags: ["ptag_new"] });
    await aProduct(shop.knex, { title: "Draft Shirt", status: "draft" });
    await aProduct(shop.knex, { title: "Unlisted Shirt", channels: [] });
  });

  it("find published products of the publishable key's channels", async () => {
    const key = await aPublishableKey(shop.knex, { channels: [outlet.id] });
    const revoked = await aPublishableKey(shop.knex, {
      channels: [outlet.id],
      revoked_at: new Date(),
    });
    expect(await searchTitles(shop, "shirt")).toEqual(["Oxford Shirt", "Linen Shirt"]);
    expect(await searchTitles(shop, "shirt", { "x-publishable-api-key": key.id })).toEqual([
      "Outlet Shirt",
    ]);
    expect(await searchTitles(shop, "shirt", { "x-publishable-api-key": revoked.id })).toEqual([
      "Oxford Shirt",
      "Linen Shirt",
    ]);
    expect(
      await searchTitles(shop, "shirt", { "x-publishable-api-key": "pk_unknown" }),
    ).toHaveLength(4);
    expect(await searchTitles(shop, "draft")).toEqual([]);
  });

  it.each([
    ["collection_id = pcol_summer", ["Linen Shirt"]],
    ["collection_title = 'ete 26'", ["Linen Shirt"]],
    ["collection.handle IN [summer, basics]", ["Oxford Shirt", "Linen Shirt"]],
    ["type_value = SHIRTS AND tags_value = new", ["Linen Shirt"]],
    ["type_value = shirts AND NOT tags_value = new", ["Oxford Shirt"]],
    ["tags = ptag_new OR is_giftcard = true", ["Gift Card", "Linen Shirt"]],
    ["categories = Men", ["Linen Shirt"]],
    ["category_id = pcat_secret", []],
    ["collection_id NOT EXISTS", ["Gift Card"]],
    ["collection_id EXISTS", ["Oxford Shirt", "Linen Shirt"]],
    ["variants.sku = linen-s", ["Linen Shirt"]],
    ["prices.eur < 5000", ["Linen Shirt"]],
    ["prices.eur 5000 TO 9000", ["Oxford Shirt"]],
    ["prices.usd > 0", ["Linen Shirt"]],
    ["prices.chf > 0", []],
    ["NOT prices.eur > 0", ["Gift Card"]],
    [
      ["type_value = Shirts", ["collection_id = pcol_basics", "tags = ptag_new"]],
      ["Oxford Shirt", "Linen Shirt"],
    ],
    [{ type_id: "ptyp_shirt", is_giftcard: false, "prices.eur": { gte: 5000 } }, ["Oxford Shirt"]],
    [{ tags: [] }, []],
    [[], ["Gift Card", "Oxford Shirt", "Linen Shirt"]],
    ['tags_value = "\'); drop table product; --"', []],
  ])("filter by %j", async (filter, found) => {
    expect(await searchTitles(shop, { filter })).toEqual(found);
  });

  it("filter the hits of a text", async () => {
    expect(await searchTitles(shop, { q: "shrit", filter: "prices.eur >= 5000" })).toEqual([
      "Oxford Shirt",
    ]);
    expect(
      await searchTitles(shop, { q: "shirt", filter: { "prices.eur": { lt: 5000 } } }),
    ).toEqual(["Linen Shirt"]);
  });

  it("count values among all hits", async () => {
    const { body } = await search({
      q: "shirt",
      limit: 1,
      facets: ["tags_value", "collection_title", "categories"],
    });
    expect(body.facetDistribution).toEqual({
      tags_value: { New: 1, "On sale": 2 },
      collection_title: { Basics: 1, "Été 26": 1 },
      categories: { Men: 1 },
    });
    expect((await search({ facets: ["is_giftcard"] })).body.facetDistribution).toEqual({
      is_giftcard: { false: 2, true: 1 },
    });
    expect((await search({ q: "nothing", facets: ["tags.value"] })).body.facetDistribution).toEqual(
      { tags_value: {} },
    );
    expect(
      (await search({ q: "shirt", filter: "tags = ptag_new", facets: ["tags_value"] })).body
        .facetDistribution,
    ).toEqual({
      tags_value: { New: 1, "On sale": 1 },
    });
    expect(Object.keys((await search({ facets: ["*"] })).body.facetDistribution)).toHaveLength(12);
  });
});
