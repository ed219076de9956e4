import { describe, expect, it } from "vitest";
import { aProduct, aProductCategory, aProductCollection, aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { untilServing } from "./kept-answers.ts";
import { rawAnswer } from "./raw-answer.ts";

describe("catalogue answers from memory", () => {
  const ids = { product: "", variant: "", collection: "", category: "", region: "" };
  const shop = openShop({
    settings: {
      CATALOGUE_MEMORY: "1mb",
      HTTP_COMPRESSION: "on",
      HTTP_COMPRESSION_THRESHOLD: "100",
      RATE_LIMIT: "on",
      RATE_LIMIT_CATALOGUE: "100000",
      RATE_LIMIT_LOOPBACK: "on",
    },
    fill: async (knex) => {
      const product = await aProduct(knex);
      const variant = await knex("product_variant").where({ product_id: product.id }).first();
      ids.product = product.id;
      ids.variant = variant.id;
      ids.collection = (await aProductCollection(knex)).id;
      ids.category = (await aProductCategory(knex)).id;
      ids.region = (await aRegion(knex)).id;
    },
  });

  const paths = () => [
    "/store/products",
    `/store/products?limit=1&region_id=${ids.region}`,
    `/store/products/${ids.product}`,
    "/store/variants",
    `/store/variants/${ids.variant}`,
    "/store/collections",
    `/store/collections/${ids.collection}`,
    "/store/product-categories",
    `/store/product-categories/${ids.category}`,
    "/store/product-tags",
    "/store/product-types",
    "/store/regions",
    `/store/regions/${ids.region}`,
    "/store/shipping-options",
    "/store/return-reasons",
  ];
  const kinds: [string, Record<string, string>][] = [
    ["GET", {}],
    ["HEAD", {}],
    ["GET", { origin: "http://localhost:8000" }],
    ["GET", { "accept-encoding": "gzip" }],
    ["GET", { "accept-encoding": "br, gzip" }],
    ["GET", { "if-none-match": '"other"' }],
  ];

  it("equal Express's, byte for byte, for every route and kind of request", async () => {
    await untilServing(shop);
    for (const path of paths()) {
      for (const [method, headers] of kinds) {
        const { misses } = shop.memory.counts;
        const first = await rawAnswer(shop.url + path, method, headers);
        expect(first.status, path).toBe(200);
        const { hits } = shop.memory.counts;
        expect(await rawAnswer(shop.url + path, method, headers)).toEqual(first);
        expect(shop.memory.counts.hits).toBe(hits + 1);
        expect(shop.memory.counts.misses - misses).toBeLessThanOrEqual(1);
      }
    }
  });

  it("are 304 for what the client has", async () => {
    await untilServing(shop);
    const { headers } = await shop.get("/store/regions", { "accept-encoding": "identity" });
    expect(headers["etag"]).toMatch(/^"[\w-]+"$/);
    const known = { "if-none-match": headers["etag"] ?? "" };
    const first = await rawAnswer(`${shop.url}/store/regions`, "GET", known);
    expect(first).toMatchObject({ status: 304, body: "" });
    expect(await rawAnswer(`${shop.url}/store/regions`, "GET", known)).toEqual(first);
  });

  it("never serve a refused query", async () => {
    await untilServing(shop);
    const path = `${shop.url}/store/products?nonsense=1`;
    expect((await rawAnswer(path)).status).toBe(400);
    expect((await rawAnswer(path)).status).toBe(400);
  });

  it("are counted by address", async () => {
    await untilServing(shop);
    const left = async () => {
      const { headers } = await shop.get("/store/regions");
      return Number(/remaining=(\d+)/.exec(headers["ratelimit"] ?? "")?.[1]);
    };
    await left();
    const before = await left();
    expect(await left()).toBe(before - 1);
  });
});
