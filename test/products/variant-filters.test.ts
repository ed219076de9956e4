import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/database/new-id.ts";
import { aProduct, aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("filtering products by variant", () => {
  const shop = openShop();
  let region: { id: string };
  beforeAll(async () => {
    region = await aRegion(shop.knex);
    const black = { inventory_quantity: 0, prices: [{ amount: 2000 }] };
    const white = {
      inventory_quantity: 5,
      prices: [{ amount: 9000 }, { amount: 8000, min_quantity: 10 }],
    };
    const coat = await aProduct(shop.knex, { title: "Coat", variants: [black, white] });
    await withOption(coat, ["Black", "White"]);
    await aProduct(shop.knex, {
      title: "Hat",
      variants: [{ inventory_quantity: 0, allow_backorder: true, prices: [{ amount: 500 }] }],
    });
    await aProduct(shop.knex, {
      title: "Abroad",
      variants: [{ prices: [{ amount: 3000, currency_code: "usd" }] }],
    });
  });

  async function withOption(product: { id: string; variants: { id: string }[] }, values: string[]) {
    const option = newId("opt");
    await shop
      .knex("product_option")
      .insert({ id: option, title: "Colour", product_id: product.id });
    for (const [index, value] of values.entries()) {
      const variant_id = product.variants[index]!.id;
      await shop
        .knex("product_option_value")
        .insert({ id: newId("optval"), value, option_id: option, variant_id });
    }
  }

  const titles = async (query: string) => {
    const answer = await shop.get(`/store/products?fields=title&expand=&${query}`);
    expect(answer.status).toBe(200);
    expect(answer.body.count).toBe(answer.body.products.length);
    return answer.body.products.map((product: { title: string }) => product.title);
  };

  it("refuses a price without a currency or with an unknown operator", async () => {
    for (const query of ["price[gte]=1", "order=price", "order=-price"]) {
      expect(await shop.get(`/store/products?${query}`)).toBeRefused(400, {
        message: "price needs a cart_id, region_id or currency_code",
      });
    }
    expect(await shop.get("/store/products?price=5&currency_code=eur")).toBeRefused(400, {
      message: /price takes operators/,
    });
    expect(await shop.get("/store/products?price[about]=5")).toBeRefused(400, {
      message: "property about should not exist",
    });
    expect(await shop.get("/store/products?price[gte]=99999999999999999999")).toBeRefused(400);
  });

  it("uses the lowest price for quantity 1", async () => {
    expect(await titles("price[gte]=1&price[lt]=2000&currency_code=eur")).toEqual(["Hat"]);
    expect(await titles(`price[gte]=2000&price[lte]=2000&region_id=${region.id}`)).toEqual([
      "Coat",
    ]);
    expect(await titles("price[gte]=8000&price[lt]=9000&currency_code=eur")).toEqual([]);
    expect(await titles("price[gt]=1&currency_code=usd")).toEqual(["Abroad"]);
  });

  it("applies all filters to the same variant", async () => {
    expect(await titles("option_value[]=black")).toEqual(["Coat"]);
    expect(await titles("option_value[]=black&in_stock=true")).toEqual([]);
    expect(
      await titles("option_value[]=WHITE&in_stock=true&price[gte]=9000&currency_code=eur"),
    ).toEqual(["Coat"]);
    expect(await titles("option_value[]=black&price[gte]=9000&currency_code=eur")).toEqual([]);
    expect(await titles("in_stock=true")).toEqual(["Abroad", "Hat", "Coat"]);
    expect(await titles("in_stock=false")).toEqual(["Coat"]);
  });

  it("sorts by price, title and age", async () => {
    expect((await titles("order=price&currency_code=eur")).slice(0, 2)).toEqual(["Hat", "Coat"]);
    expect((await titles("order=-price&currency_code=eur")).slice(-2)).toEqual(["Coat", "Hat"]);
    expect(await titles("order=title")).toEqual(["Abroad", "Coat", "Hat"]);
    expect(await titles("order=created_at")).toEqual(["Coat", "Hat", "Abroad"]);
  });
});
