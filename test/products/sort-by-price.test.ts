import { beforeAll, describe, expect, it } from "vitest";
import { aPrice, aPriceList, aProduct, aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

/** Prices that many products share, so that pages end within equal prices. */
const AMOUNTS = [3000, 1000, 2000, 1000, 5000, 2000, 4000];

/**
 * Short pages are read along the index of prices; a page with room for every product is sorted in
 * full. Both must show the same order.
 */
describe("sorting products by price", () => {
  const shop = openShop();
  const variants: string[] = [];
  let region: { id: string };

  beforeAll(async () => {
    region = await aRegion(shop.knex);
    for (const [index, amount] of AMOUNTS.entries()) {
      const prices = [{ amount }, { amount: amount / 2, min_quantity: 10 }];
      const product = await aProduct(shop.knex, {
        title: `Product ${index}`,
        status: index === 3 ? "draft" : "published",
        variants: [{ prices }, { prices: [{ amount: amount + 500 }] }],
      });
      variants.push(...product.variants.map((variant) => variant.id));
    }
    await aProduct(shop.knex, { title: "Priceless", variants: [{ prices: [] }] });
    await aPriceList(shop.knex, { prices: [{ amount: 100, variant_id: variants[8]! }] });
    await aPriceList(shop.knex, {
      status: "draft",
      prices: [{ amount: 50, variant_id: variants[0]! }],
    });
  });

  const page = async (query: string) => {
    const { status, body } = await shop.get(`/store/products?fields=title&expand=&${query}`);
    expect(status).toBe(200);
    return body.products.map((product: { title: string }) => product.title);
  };

  async function inPages(place: string, limit: number): Promise<string[]> {
    const titles: string[] = [];
    for (let offset = 0; offset < AMOUNTS.length; offset += limit)
      titles.push(...(await page(`order=price&limit=${limit}&offset=${offset}&${place}`)));
    return titles;
  }

  it.each([1, 2, 3])("shows pages of %s in the order of the whole list", async (limit) => {
    for (const place of ["currency_code=eur", `region_id=${region.id}`]) {
      const whole = await page(`order=price&limit=100&${place}`);
      expect(whole.slice(0, 2)).toEqual(["Product 4", "Product 1"]);
      expect(whole.at(-1)).toBe("Priceless");
      expect(await inPages(place, limit), place).toEqual(whole);
    }
  });

  it("keeps to the filters of the list", async () => {
    expect(await page("order=price&limit=1&title=Product 0&currency_code=eur")).toEqual([
      "Product 0",
    ]);
  });

  it("sees prices of the region in another currency", async () => {
    const abroad = { amount: 10, currency_code: "usd", region_id: region.id };
    await aPrice(shop.knex, { ...abroad, variant_id: variants[0]! });
    expect(await page(`order=price&limit=1&region_id=${region.id}`)).toEqual(["Product 0"]);
    expect(await page("order=price&limit=1&currency_code=eur")).toEqual(["Product 4"]);
  });

  it("leaves out the prices of other regions with the same currency", async () => {
    const neighbour = await aRegion(shop.knex);
    const abroad = { amount: 20, region_id: neighbour.id };
    const list = (await aPriceList(shop.knex)).id;
    await aPrice(shop.knex, { ...abroad, variant_id: variants[2]! });
    await aPrice(shop.knex, { ...abroad, variant_id: variants[4]!, price_list_id: list });
    const here = `region_id=${(await aRegion(shop.knex)).id}`;
    const there = `region_id=${neighbour.id}`;
    for (const limit of [2, 100])
      expect((await page(`order=price&limit=${limit}&${here}`)).slice(0, 2)).toEqual([
        "Product 4",
        "Product 1",
      ]);
    expect((await page(`order=price&limit=2&${there}`)).toSorted()).toEqual([
      "Product 1",
      "Product 2",
    ]);
    expect(await page(`price[lte]=20&${here}`)).toEqual([]);
    expect((await page(`price[lte]=20&${there}`)).toSorted()).toEqual(["Product 1", "Product 2"]);
    expect((await page(`price[gte]=1000&price[lte]=1000&${here}`)).toSorted()).toEqual([
      "Product 1",
    ]);
  });

  it("counts the region's own price, although the currency's is lower", async () => {
    const dear = await aRegion(shop.knex);
    await aPrice(shop.knex, { amount: 9000, region_id: dear.id, variant_id: variants[2]! });
    const place = `region_id=${dear.id}`;
    for (const limit of [2, 100])
      expect((await page(`order=price&limit=${limit}&${place}`)).slice(0, 2)).toEqual([
        "Product 4",
        "Product 1",
      ]);
    const { body } = await shop.get(`/store/variants/${variants[2]}?${place}`);
    expect(body.variant).toMatchObject({ original_price: 9000, calculated_price: 9000 });
    expect(await page(`price[gte]=9000&${place}`)).toEqual(["Product 1"]);
    expect(await page(`order=price&price[gt]=1000&price[lt]=2000&${place}`)).toEqual(["Product 1"]);
  });
});
