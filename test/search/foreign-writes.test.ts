import type { Knex } from "knex";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { rebuildSearch } from "../../src/domains/search/rebuild-search.ts";
import { startIndexRefresh } from "../../src/domains/search/start-index-refresh.ts";
import { createLog } from "../../src/runtime/log.ts";
import { aProduct, aSalesChannel, aVariant, defaultSalesChannelId } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { searchTitles } from "./search-titles.ts";

describe("a search after another program's write", () => {
  const shop = openShop();
  /** The connection of another program. */
  let medusa: Knex;
  let mug: { id: string };
  beforeAll(async () => {
    medusa = shop.database.connect(2);
    await medusa("product_collection").insert({
      id: "pcol_camp",
      title: "Camping",
      handle: "camping",
    });
    await medusa("product_type").insert({ id: "ptyp_cup", value: "Cups" });
    await medusa("product_tag").insert({ id: "ptag_blue", value: "Blue" });
    await medusa("product_category").insert({
      id: "pcat_k",
      name: "Kitchen",
      handle: "kitchen",
      mpath: "pcat_k.",
      is_active: true,
      rank: 0,
    });
    mug = await aProduct(medusa, {
      title: "Enamel Mug",
      collection_id: "pcol_camp",
      type_id: "ptyp_cup",
      tags: ["ptag_blue"],
      categories: ["pcat_k"],
    });
  });

  it("finds products by their current title and status", async () => {
    const pot = await aProduct(medusa, { title: "Copper Pot" });
    expect(await searchTitles(shop, "copper")).toEqual(["Copper Pot"]);
    await medusa("product").where({ id: pot.id }).update({ title: "Iron Pot" });
    expect(await searchTitles(shop, "copper")).toEqual([]);
    expect(await searchTitles(shop, "iron")).toEqual(["Iron Pot"]);
    await medusa("product").where({ id: pot.id }).update({ status: "draft" });
    expect(await searchTitles(shop, "iron")).toEqual([]);
    await medusa("product").where({ id: pot.id }).update({ status: "published" });
    expect(await searchTitles(shop, "iron")).toEqual(["Iron Pot"]);
    await medusa("product").where({ id: pot.id }).update({ deleted_at: new Date() });
    expect(await searchTitles(shop, "iron")).toEqual([]);
  });

  it("finds changes of every related table", async () => {
    const variant = await aVariant(medusa, {
      product_id: mug.id,
      title: "Large",
      sku: "LRG-9",
      prices: [{ amount: 900, currency_code: "gbp" }],
    });
    expect(await searchTitles(shop, "lrg-9")).toEqual(["Enamel Mug"]);
    expect(await searchTitles(shop, { filter: "prices.gbp = 900" })).toEqual(["Enamel Mug"]);
    await medusa("money_amount").where({ currency_code: "gbp" }).update({ amount: 800 });
    expect(await searchTitles(shop, { filter: "prices.gbp = 800" })).toEqual(["Enamel Mug"]);
    await medusa("product_option").insert({ id: "opt_1", title: "Glaze", product_id: mug.id });
    await medusa("product_option_value").insert({
      id: "optval_1",
      value: "Cobalt",
      option_id: "opt_1",
      variant_id: variant.id,
    });
    expect(await searchTitles(shop, "cobalt")).toEqual(["Enamel Mug"]);
    await medusa("product_variant").where({ id: variant.id }).update({ deleted_at: new Date() });
    expect(await searchTitles(shop, "lrg-9")).toEqual([]);
    for (const [table, id, column] of [
      ["product_collection", "pcol_camp", "title"],
      ["product_type", "ptyp_cup", "value"],
      ["product_tag", "ptag_blue", "value"],
      ["product_category", "pcat_k", "name"],
    ] as const) {
      await medusa(table)
        .where({ id })
        .update({ [column]: "Zephyr" });
      expect({ table, found: await searchTitles(shop, "zephyr") }).toEqual({
        table,
        found: ["Enamel Mug"],
      });
      await medusa(table)
        .where({ id })
        .update({ [column]: "Other" });
      expect({ table, found: await searchTitles(shop, "zephyr") }).toEqual({ table, found: [] });
    }
    const channel = await aSalesChannel(medusa);
    await medusa("product_sales_channel")
      .where({ product_id: mug.id })
      .update({ sales_channel_id: channel.id });
    expect(await searchTitles(shop, "enamel")).toEqual([]);
    await medusa("product_sales_channel")
      .where({ product_id: mug.id })
      .update({ sales_channel_id: await defaultSalesChannelId(medusa) });
    expect(await searchTitles(shop, "enamel")).toEqual(["Enamel Mug"]);
  });

  it("finds a change exactly after its commit", async () => {
    const trx = await medusa.transaction();
    await trx("product").where({ id: mug.id }).update({ title: "Tin Mug" });
    expect(await searchTitles(shop, "enamel")).toEqual(["Enamel Mug"]);
    await trx.commit();
    const found = await Promise.all(Array.from({ length: 10 }, () => searchTitles(shop, "tin")));
    expect(found).toEqual(Array.from({ length: 10 }, () => ["Tin Mug"]));
    await medusa("product").where({ id: mug.id }).update({ title: "Enamel Mug" });
  });

  it("ignores changes of columns that are not searched", async () => {
    await searchTitles(shop, "mug");
    await medusa("product_variant").where({ product_id: mug.id }).update({ inventory_quantity: 3 });
    await medusa("product")
      .where({ id: mug.id })
      .update({ metadata: "{}", updated_at: new Date() });
    expect(await medusa("nettle_product_search_due")).toEqual([]);
  });

  it("finds changes by replication and TRUNCATE", async () => {
    await medusa.transaction(async (trx) => {
      await trx.raw("set local session_replication_role = replica");
      await trx("product").where({ id: mug.id }).update({ title: "Replayed Mug" });
    });
    expect(await searchTitles(shop, "replayed")).toEqual(["Replayed Mug"]);
    await medusa.transaction(async (trx) => {
      await trx.raw("set local session_replication_role = replica");
      const rows = await trx("product").where({ id: mug.id });
      await trx.raw("truncate product cascade");
      await trx("product").insert(rows.map((row) => ({ ...row, title: "Restored Mug" })));
    });
    expect(await searchTitles(shop, "mug")).toEqual(["Restored Mug"]);
    expect(await searchTitles(shop, { filter: "tags_value = Other" })).toEqual([]);
  });

  it("finds an import of thousands of products", async () => {
    await medusa.raw(
      `insert into product (id, title, status)
        select 'prod_' || n, 'Bulk ' || n, 'published' from generate_series(1, 2000) n`,
    );
    await medusa.raw(
      "insert into product_sales_channel select 'prod_' || n, ? from generate_series(1, 2000) n",
      [await defaultSalesChannelId(medusa)],
    );
    expect((await shop.post("/store/products/search", { q: "bulk 1999" })).body).toMatchObject({
      estimatedTotalHits: 1,
    });
    expect((await shop.post("/store/products/search", { q: "bulk" })).body.estimatedTotalHits).toBe(
      1000,
    );
    await medusa("product_sales_channel").whereRaw("product_id ~ '^prod_[0-9]{1,4}$'").del();
    await medusa("product").whereLike("title", "Bulk %").del();
    expect(await searchTitles(shop, "bulk")).toEqual([]);
  });

  it("finds changes that the background loop has read", async () => {
    await medusa("product").where({ id: mug.id }).update({ subtitle: "Unsought" });
    const stop = startIndexRefresh(shop.knex, createLog("error"), 20);
    await vi.waitFor(async () => expect(await medusa("nettle_product_search_due")).toEqual([]), {
      timeout: 10_000,
    });
    await stop();
    expect(await searchTitles(shop, "unsought")).toEqual(["Restored Mug"]);
  });

  it("works after a rebuild", async () => {
    await medusa("nettle_product_search").del();
    await medusa("nettle_product_search_due").del();
    expect(await searchTitles(shop, "mug")).toEqual([]);
    const lines: string[] = [];
    const count = await rebuildSearch(medusa, ({ done, all }) => lines.push(`${done} of ${all}`));
    expect(count).toBe(
      (await medusa("product").where({ status: "published", deleted_at: null })).length,
    );
    expect(lines.at(-1)).toMatch(/^(\d+) of \1$/);
    expect(await searchTitles(shop, "mug")).toEqual(["Restored Mug"]);
  });
});

describe("another program's write", () => {
  const shop = openShop();
  let medusa: Knex;
  beforeAll(async () => {
    medusa = shop.database.connect(2);
    await aProduct(medusa, { title: "Tea Pot", handle: "tea-pot" });
  });
  const rename = (title: string) =>
    medusa("product").where({ handle: "tea-pot" }).update({ title });
  const restore: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const undo of restore.splice(0)) await undo();
  });

  it("does not wait while our table is locked", async () => {
    const lock = await shop.knex.transaction();
    await lock.raw("lock table nettle_product_search_due in access exclusive mode");
    restore.push(() => lock.rollback());
    await medusa.raw("set statement_timeout = '5s'");
    expect(await rename("Big Pot")).toBe(1);
  });

  it("succeeds when our table is missing", async () => {
    await shop.knex.raw("alter table nettle_product_search_due rename to nettle_gone");
    restore.push(() =>
      shop.knex.raw("alter table nettle_gone rename to nettle_product_search_due"),
    );
    expect(await rename("Small Pot")).toBe(1);
    await aProduct(medusa, { title: "Tea Cup" });
    await medusa.raw("truncate product_tags");
  });

  it("succeeds for a user without access to our tables", async () => {
    const role = `nettle_writer_${process.pid}`;
    await shop.knex.raw(`create role ${role}; grant select, update on product to ${role}`);
    restore.push(() => shop.knex.raw(`drop owned by ${role}; drop role ${role}`));
    await medusa.transaction(async (trx) => {
      await trx.raw(`set local role ${role}`);
      await trx.raw("set local search_path = ''");
      await trx.raw("update public.product set title = 'Round Pot' where handle = 'tea-pot'");
    });
    expect(await searchTitles(shop, "round")).toEqual(["Round Pot"]);
  });
});
