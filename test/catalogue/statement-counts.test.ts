import { beforeAll, describe, expect, it } from "vitest";
import { seedDemo } from "../../src/demo/seed-demo.ts";
import { countStatements } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";

/**
 * Without the statements that resolve the publishable key and the region, cart or customer groups.
 */
const MAX_LIST_STATEMENTS = 2;
const MAX_SINGLE_STATEMENTS = 2;

describe("the statements of a catalogue read", () => {
  const shop = openShop({
    fill: async (knex) => {
      await seedDemo(knex, { publicUrl: "http://localhost", log: () => undefined });
    },
  });
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    for (const table of [
      "product",
      "product_variant",
      "product_collection",
      "product_category",
      "region",
    ])
      ids[table] = (await shop.knex(table).orderBy("id").first("id")).id;
  });
  const countOf = async (path: string) => {
    const statements = await countStatements(async () => {
      expect((await shop.get(path)).status).toBe(200);
    });
    return statements.length;
  };

  it.each([
    ["/store/products", 1],
    ["/store/variants", 1],
    ["/store/collections", 0],
    ["/store/product-categories", 0],
    ["/store/product-tags", 0],
    ["/store/product-types", 0],
    ["/store/regions", 0],
    ["/store/shipping-options", 0],
    ["/store/return-reasons", 0],
  ])("are at most two for %s, whatever the page", async (path, context) => {
    const paged = !["/store/shipping-options", "/store/return-reasons"].includes(path);
    for (const query of paged ? ["", "?limit=1", "?limit=2&offset=1"] : [""])
      expect(await countOf(`${path}${query}`), query).toBeLessThanOrEqual(
        MAX_LIST_STATEMENTS + context,
      );
  });

  it("are at most three for a tree of categories", async () => {
    for (const query of ["", "&limit=1", "&limit=1&offset=1"])
      expect(
        await countOf(`/store/product-categories?include_descendants_tree=true${query}`),
        query,
      ).toBeLessThanOrEqual(MAX_LIST_STATEMENTS + 1);
  });

  it.each([
    ["/store/products/", "product", 1],
    ["/store/variants/", "product_variant", 1],
    ["/store/collections/", "product_collection", 0],
    ["/store/product-categories/", "product_category", 0],
    ["/store/regions/", "region", 0],
  ])("are at most two for %s:id", async (path, table, context) => {
    expect(await countOf(`${path}${ids[table]}`)).toBeLessThanOrEqual(
      MAX_SINGLE_STATEMENTS + context,
    );
  });

  it("are one more with a region", async () => {
    const without = await countOf("/store/variants");
    expect(await countOf(`/store/variants?region_id=${ids["region"]}`)).toBe(without + 1);
  });
});
