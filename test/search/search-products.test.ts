import { beforeAll, describe, expect, it } from "vitest";
import { aProduct, aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { searchTitles } from "./search-titles.ts";
import "../support/to-be-refused.ts";

describe("searching products", () => {
  const shop = openShop();
  const search = (body: unknown) => shop.post("/store/products/search", body);

  beforeAll(async () => {
    await aProduct(shop.knex, {
      title: "Merino Tee",
      handle: "merino-tee",
      description: "Soft merino wool t-shirt for slow mornings.",
      variants: [
        {
          title: "S / Black",
          sku: "TEE-S-BLK",
          barcode: "4006381333931",
          prices: [{ amount: 2900 }],
        },
        { title: "M / Black", sku: "TEE-M-BLK", prices: [{ amount: 3100 }] },
      ],
    });
    await aProduct(shop.knex, {
      title: "Wool Socks",
      description: "Two pairs, knitted from merino.",
    });
    await aProduct(shop.knex, {
      title: "Café Press",
      description: "Brews four cups.",
      variants: [{ sku: "PRESS" }],
    });
    await aProduct(shop.knex, {
      title: "Press Stand",
      description: "Holds TEE-S-BLK on display.",
      variants: [{ sku: "STAND" }],
    });
    await aProduct(shop.knex, { title: "Straßenkarte ÅLAND", variants: [{ sku: "MAP" }] });
    await aProduct(shop.knex, { title: "Шапка МЕРИНО", variants: [{ sku: "HAT-RU" }] });
    await aProduct(shop.knex, { title: "חולצת צמר", variants: [{ sku: "HE-1" }] });
    await aProduct(shop.knex, { title: "Waterproof Rucksack", variants: [{ sku: "RUCK" }] });
    await aProduct(shop.knex, { title: "Draft Merino", status: "draft" });
  });

  it.each([
    [{ q: 1 }, "q must be a string"],
    [{ q: ["a"] }, "q must be a string"],
    [{ limit: "x" }, "limit must be a number conforming to the specified constraints"],
    [
      { q: 1, limit: "x", offset: "y" },
      "q must be a string, offset must be a number conforming to the specified constraints, " +
        "limit must be a number conforming to the specified constraints",
    ],
    [{ limit: -1 }, "limit must not be less than 0"],
    [{ limit: 2.5 }, "limit must be an integer number"],
    [{ limit: 1e30 }, "limit must not be greater than 1000"],
    [[], "an unknown value was passed to the validate function"],
  ])("refuses %j", async (body, message) => {
    expect(await search(body)).toBeRefused(400, { type: "invalid_data", message });
  });

  it("refuses invalid filters and facets", async () => {
    for (const filter of [
      5,
      "colour = red",
      "tags = 'a",
      { tags: {}, nope: 1 },
      "type_id > 3",
      "((((((((((((((tags = a",
    ])
      expect(await search({ q: "tee", filter })).toBeRefused(400, { message: /^filter / });
    expect(await search({ facets: ["price"] })).toBeRefused(400, {
      message: /^facets must be a list of /,
    });
    expect(await search({ region_id: "reg_nope" })).toBeRefused(404, {
      message: "Region with reg_nope was not found",
    });
  });

  it("accepts any text", async () => {
    const texts = [
      ...[
        "",
        " ",
        "!",
        "&",
        "|",
        "!!",
        "a:*",
        "'",
        "''",
        "\\",
        "\\'",
        "a & b",
        "(a",
        "<->",
        "a <-> b",
        "%",
        "_",
        "tee'; drop table product; --",
      ],
      ...[
        "🫖",
        "🏴‍☠️ tee",
        "\u202eeet",
        "e\u0301",
        "ﬃ",
        "Å",
        "\ufffe",
        "tee\u0001tee",
        "1e400",
        "0x",
        "٣",
        "中文",
        "l'été",
        "a".repeat(10_000),
        "merino ".repeat(2000),
      ],
    ];
    for (const q of texts)
      expect({ q, status: (await search({ q })).status }).toEqual({ q, status: 200 });
    expect(await search({ q: "a\0b" })).toBeRefused(400);
    // Longer than TEXT_LIMIT.
    expect(await search({ q: "merino ".repeat(3000) })).toBeRefused(400);
    expect(await searchTitles(shop, "!!! &|:*")).toEqual([]);
    expect(await searchTitles(shop, "🫖")).toEqual([]);
  });

  it("accepts unknown properties and null", async () => {
    const answer = await search({
      q: null,
      offset: null,
      limit: "2",
      matchingStrategy: "all",
      foo: { bar: 1 },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ query: "", offset: 0, limit: 2, estimatedTotalHits: 8 });
    expect((await shop.post("/store/products/search")).body.hits).toHaveLength(8);
  });

  it("returns all products without a text, newest first", async () => {
    const [first, second] = [await search({ limit: 5 }), await search({ limit: 5, offset: 5 })];
    expect(first.body.hits[0].title).toBe("Waterproof Rucksack");
    expect(new Set([...first.body.hits, ...second.body.hits].map((hit) => hit.id)).size).toBe(8);
    expect(second.body).toMatchObject({ offset: 5, limit: 5, estimatedTotalHits: 8 });
    expect((await search({ offset: 100_000 })).body).toMatchObject({
      hits: [],
      estimatedTotalHits: 8,
    });
    expect((await search({ limit: 0 })).body).toMatchObject({
      hits: [],
      limit: 0,
      estimatedTotalHits: 8,
    });
    expect((await search({ q: "merino", limit: 1, offset: 1 })).body).toMatchObject({
      hits: [{ title: "Wool Socks" }],
      estimatedTotalHits: 2,
    });
  });

  it("tolerates one typo from five letters, two from nine", async () => {
    expect((await searchTitles(shop, "merno te"))[0]).toBe("Merino Tee");
    expect(await searchTitles(shop, "merinno")).toEqual(["Merino Tee", "Wool Socks"]);
    expect(await searchTitles(shop, "waterprof ruksack")).toEqual(["Waterproof Rucksack"]);
    expect(await searchTitles(shop, "emrino")).toEqual(["Merino Tee", "Wool Socks"]);
    expect(await searchTitles(shop, "watreporof")).toEqual(["Waterproof Rucksack"]);
    expect(await searchTitles(shop, "tae")).toEqual([]);
  });

  it("matches the beginning of words", async () => {
    expect(await searchTitles(shop, "water")).toEqual(["Waterproof Rucksack"]);
    expect(await searchTitles(shop, "mer")).toEqual(["Merino Tee", "Wool Socks"]);
    expect(await searchTitles(shop, "tshirt")).toEqual(["Merino Tee"]);
    expect(await searchTitles(shop, "t-shirt")).toEqual(["Merino Tee"]);
  });

  it("ignores case and accents, in any script", async () => {
    for (const q of ["cafe", "CAFÉ", "cafe\u0301", "café"])
      expect(await searchTitles(shop, q)).toEqual(["Café Press"]);
    for (const q of ["strassenkarte", "STRASSENKARTE", "aland", "åland"])
      expect(await searchTitles(shop, q)).toEqual(["Straßenkarte ÅLAND"]);
    expect(await searchTitles(shop, "шапка мерино")).toEqual(["Шапка МЕРИНО"]);
    expect(await searchTitles(shop, "צמר")).toEqual(["חולצת צמר"]);
  });

  it("ranks exact codes first, then titles, then descriptions", async () => {
    expect(await searchTitles(shop, "tee-s-blk")).toEqual(["Merino Tee", "Press Stand"]);
    expect(await searchTitles(shop, "4006381333931")).toEqual(["Merino Tee"]);
    expect((await searchTitles(shop, "merino-tee"))[0]).toBe("Merino Tee");
    expect(await searchTitles(shop, "PRESS")).toEqual(["Café Press", "Press Stand"]);
    expect(await searchTitles(shop, "stand")).toEqual(["Press Stand"]);
    expect(await searchTitles(shop, "merino")).toEqual(["Merino Tee", "Wool Socks"]);
    expect(await searchTitles(shop, "wool")).toEqual(["Wool Socks", "Merino Tee"]);
  });

  it("drops the last words when no product has all", async () => {
    expect(await searchTitles(shop, "merino tee for the moon")).toEqual(["Merino Tee"]);
    expect(await searchTitles(shop, "moon merino")).toEqual([]);
  });

  it("returns documents in the format of Medusa's search plugins", async () => {
    const { body } = await search({ q: "merino tee", limit: 1 });
    expect(body).toMatchObject({
      query: "merino tee",
      offset: 0,
      limit: 1,
      estimatedTotalHits: 1,
      processingTimeMs: expect.any(Number),
    });
    expect(body).not.toHaveProperty("facetDistribution");
    expect(body.hits[0]).toMatchObject({
      handle: "merino-tee",
      collection_title: null,
      type_value: null,
      tags_value: [],
      categories: [],
      variant_sku: ["TEE-S-BLK", "TEE-M-BLK"],
      variant_title: ["S / Black", "M / Black"],
      variant_ean: [],
      variant_options: [],
      variant_options_value: [],
      images: [],
      variants: [
        { sku: "TEE-S-BLK", prices: [{ amount: 2900, currency_code: "eur" }] },
        { sku: "TEE-M-BLK" },
      ],
    });
    expect(body.hits[0]).not.toHaveProperty("sales_channels");
  });

  it("calculates prices of a region", async () => {
    const region = await aRegion(shop.knex);
    const { body } = await search({ q: "tee-s-blk", limit: 1, region_id: region.id });
    expect(body.hits[0].variants[0]).toMatchObject({
      calculated_price: 2900,
      calculated_price_incl_tax: 3451,
    });
  });
});
