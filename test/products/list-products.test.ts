import { beforeAll, describe, expect, it } from "vitest";
import { aProduct, aPublishableKey, aRegion, aSalesChannel } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("listing products", () => {
  const shop = openShop();
  let region: { id: string };
  beforeAll(async () => {
    region = await aRegion(shop.knex);
    await aProduct(shop.knex, {
      title: "Kettle",
      variants: [{ prices: [{ amount: 4900 }, { amount: 5500, currency_code: "usd" }] }],
    });
    await aProduct(shop.knex, { title: "Draft", status: "draft" });
  });

  it("refuses invalid parameters and names each of them", async () => {
    expect(await shop.get("/store/products?colour=red&limit=many&tags=x")).toBeRefused(400, {
      type: "invalid_data",
      message:
        "property colour should not exist, tags must be an array, " +
        "limit must be a number conforming to the specified constraints",
    });
    expect(
      await shop.get(
        "/store/products?updated_at[never]=1&created_at[]=2024&region_id[]=x&offset=x" +
          "&sales_channel_id=x",
      ),
    ).toBeRefused(400, {
      message:
        "nested property created_at must be either object or array, " +
        "property never should not exist, " +
        "sales_channel_id must be an array, " +
        "region_id must be a string, offset must be a number conforming to the specified " +
        "constraints",
    });
    expect(await shop.get("/store/products?limit=-1")).toBeRefused(400, {
      message: "limit must not be less than 0",
    });
    expect(await shop.get("/store/products?limit=1001")).toBeRefused(400, {
      message: "limit must not be greater than 1000",
    });
    expect(await shop.get("/store/products?expand=constructor")).toBeRefused(400, {
      message: "Requested fields [constructor] are not valid",
    });
    expect(await shop.get("/store/products?fields=__proto__")).toBeRefused(400);
    expect(await shop.get("/store/products?order=toString")).toBeRefused(400, {
      message: "Order field toString is not valid",
    });
    expect(await shop.get("/store/products?cart_id=cart_nope")).toBeRefused(404, {
      message: "Cart with cart_nope was not found",
    });
  });

  it("returns published products with a region's prices and taxes", async () => {
    const answer = await shop.get(`/store/products?region_id=${region.id}`);
    expect(answer.body).toMatchObject({ count: 1, offset: 0, limit: 100 });
    const [variant] = answer.body.products[0].variants;
    expect(variant).toMatchObject({
      original_price: 4900,
      calculated_price: 4900,
      calculated_price_incl_tax: 5831,
      original_tax: 931,
    });
    expect(variant.prices).toHaveLength(1);
  });

  it("returns no calculated prices with `fields=variants.title`", async () => {
    const answer = await shop.get(`/store/products?fields=variants.title&region_id=${region.id}`);
    const [variant] = answer.body.products[0].variants;
    expect(Object.keys(variant).sort()).toEqual(["options", "prices", "title"]);
    expect(variant.prices).toHaveLength(2);
    expect(variant.prices[0]).not.toHaveProperty("price_list");
  });

  it("reads an empty date as the beginning of Unix time", async () => {
    expect((await shop.get("/store/products?created_at[gt]=")).body.count).toBe(1);
    expect((await shop.get("/store/products?created_at[lt]=")).body.count).toBe(0);
  });

  it("returns products of the publishable key's channels", async () => {
    const channel = await aSalesChannel(shop.knex);
    const elsewhere = await aProduct(shop.knex, { title: "Elsewhere", channels: [channel.id] });
    const key = await aPublishableKey(shop.knex, { channels: [channel.id] });
    const revoked = await aPublishableKey(shop.knex, {
      channels: [channel.id],
      revoked_at: new Date(),
    });
    const titles = async (headers?: Record<string, string>) =>
      (await shop.get("/store/products?fields=title&expand=", headers)).body.products.map(
        (product: { title: string }) => product.title,
      );
    expect(await titles()).toEqual(["Kettle"]);
    expect(await titles({ "x-publishable-api-key": key.id })).toEqual(["Elsewhere"]);
    const channelsOf = async (query: string) =>
      (await shop.get(`/store/products?${query}`, { "x-publishable-api-key": key.id })).body
        .products[0].sales_channels;
    expect(await channelsOf("fields=title")).toMatchObject([{ id: channel.id }]);
    expect(await channelsOf("expand=tags")).toBeUndefined();
    expect(
      await shop.get("/store/products/prod_nope?fields=nope", { "x-publishable-api-key": key.id }),
    ).toBeRefused(404, {
      message: "Product with id: prod_nope was not found",
    });
    expect(await titles({ "x-publishable-api-key": revoked.id })).toEqual(["Kettle"]);
    expect(await titles({ "x-publishable-api-key": "pk_unknown" })).toEqual([
      "Elsewhere",
      "Kettle",
    ]);
    const other = await aPublishableKey(shop.knex, {
      channels: [(await aSalesChannel(shop.knex)).id],
    });
    expect(
      await shop.get(`/store/products/${elsewhere.id}`, { "x-publishable-api-key": other.id }),
    ).toBeRefused(400);
  });
});
