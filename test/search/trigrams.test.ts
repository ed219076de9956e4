import { beforeAll, describe, expect, it } from "vitest";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { rebuildSearch } from "../../src/domains/search/rebuild-search.ts";
import { aProduct } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { searchTitles } from "./search-titles.ts";

describe("a database without pg_trgm", () => {
  const shop = openShop();
  beforeAll(async () => {
    await shop.knex.raw("drop extension pg_trgm cascade");
    await aProduct(shop.knex, { title: "Merino Tee", description: "Soft café wool." });
  });

  it("is searched without tolerance for typos", async () => {
    expect(await searchTitles(shop, "merino te")).toEqual(["Merino Tee"]);
    expect(await searchTitles(shop, "cafe")).toEqual(["Merino Tee"]);
    expect(await searchTitles(shop, "merno")).toEqual([]);
    expect((await shop.get("/store/products?q=erin")).body.count).toBe(1);
  });

  it("tolerates typos once the extension exists", async () => {
    await shop.knex.raw("create extension pg_trgm");
    expect(await searchTitles(shop, "merno")).toEqual(["Merino Tee"]);
    await rebuildSearch(shop.knex, () => undefined);
    const [index] = await shop
      .knex("pg_indexes")
      .where({ indexname: "nettle_search_word_trigrams" });
    expect(index).toBeDefined();
    expect(await searchTitles(shop, "merno")).toEqual(["Merino Tee"]);
  });
});

describe("the indexes for `q` of the product list", () => {
  const shop = openShop();
  const ours = async () =>
    (await shop
      .knex("pg_indexes")
      .whereLike("indexname", "nettle\\_trigrams\\_%")
      .orderBy("indexname")
      .pluck("indexname")) as string[];

  it("are created where Medusa's are missing", async () => {
    expect(await ours()).toEqual([]);
    await shop.knex.raw("drop index idx_gin_product_title; drop index idx_gin_product_collection");
    await shop.knex("nettle_migrations").where({ name: "1120-substring-indexes" }).del();
    expect(await migrateDatabase(shop.knex, { adopt: false, log: () => undefined })).toMatchObject({
      ran: ["1120-substring-indexes"],
    });
    expect(await ours()).toEqual([
      "nettle_trigrams_product_collection_title",
      "nettle_trigrams_product_title",
    ]);
    const { rows } = await shop.knex.raw("show statement_timeout");
    expect(rows[0].statement_timeout).toBe("20s");
  });

  it("find the same substrings as Medusa", async () => {
    await shop
      .knex("product_collection")
      .insert({ id: "pcol_q", title: "Winter Warmers", handle: "winter" });
    await aProduct(shop.knex, {
      title: "100% Wool_Hat",
      collection_id: "pcol_q",
      description: "Knit",
      variants: [{ title: "Onesize", sku: "HAT-1" }],
    });
    await aProduct(shop.knex, {
      title: "Scarf",
      description: "Long",
      variants: [{ title: "Long", sku: "SCARF-1" }],
    });
    const count = async (q: string) =>
      (await shop.get(`/store/products?q=${encodeURIComponent(q)}`)).body.count;
    expect(await count("inter war")).toBe(1);
    expect(await count("OOL_h")).toBe(1);
    expect(await count("nesiz")).toBe(1);
    expect(await count("arf-1")).toBe(1);
    expect(await count("a")).toBe(2);
    expect(await count("%")).toBe(2);
    expect(await count("kni")).toBe(1);
    expect(await count("\\")).toBe(0);
    await shop.knex("product_variant").where({ sku: "HAT-1" }).update({ deleted_at: new Date() });
    expect(await count("nesiz")).toBe(0);
  });
});
