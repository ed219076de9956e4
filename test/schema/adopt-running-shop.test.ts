import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { aProduct } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildAsMedusa } from "./build-as-medusa.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await openDatabase("empty");
  await buildAsMedusa(database.knex);
});
afterEach(() => database.drop());

/** No write of the shop may wait longer than this while a migration waits, in milliseconds. */
const LONGEST_WAIT = 1000;
const watchedTables = ["product", "product_variant", "money_amount", "discount"];

describe("adopting a shop that is open", () => {
  it("never holds up writers of one table while it waits for another", async () => {
    const product = await aProduct(database.knex);
    await database.knex("product_tag").insert({ id: "tag", value: "old" });
    const slow = await database.connect(1).transaction();
    await slow("product_tag").update({ value: "new" });

    const refused: string[] = [];
    let waits = 0;
    let done = false;
    const write = async (table: string) => {
      const writer = database.connect(1);
      await writer.raw(`set lock_timeout = ${LONGEST_WAIT}`);
      while (!done) {
        await writer(table)
          .update({ updated_at: writer.fn.now() })
          .catch((error: Error) => refused.push(`${table}: ${error.message}`));
        await sleep(20);
      }
    };
    const writers = watchedTables.map(write);
    const adoption = migrateDatabase(database.knex, { adopt: true, log: () => undefined });
    // The slow transaction outlasts several tries of the migration.
    for (; waits < 3; waits++) await sleep(1500);
    await slow.commit();
    expect((await adoption).result).toBe("adopted");
    done = true;
    await Promise.all(writers);

    expect(refused).toEqual([]);
    const { rows } = await database.knex.raw(
      `select tgrelid::regclass::text as table, count(*)::int as count from pg_trigger
       where tgname like 'nettle_search_%' and tgenabled = 'A' group by 1`,
    );
    expect(rows).toHaveLength(12);
    expect(new Set(rows.map(({ count }: { count: number }) => count))).toEqual(new Set([4]));
    expect(await database.knex("nettle_product_search").pluck("product_id")).toEqual([product.id]);
  });
});

describe("an adoption that takes long", () => {
  it("says how far its long steps are, and how much time is left", {
    timeout: 60_000,
  }, async () => {
    await database.knex.raw(`insert into product (id, title, handle, status)
      select 'prod_' || n, 'Boots', 'boots-' || n, 'published' from generate_series(1, 600) n`);
    const filler = await database.connect(1).transaction();
    await filler.raw("select pg_advisory_xact_lock(hashtext('nettle_product_search'))");
    // An index is not finished before the snapshots that are older than it have ended.
    const reader = await database.connect(1).transaction({ isolationLevel: "repeatable read" });
    const lines: string[] = [];
    const seen = async (line: RegExp) => {
      while (!lines.some((one) => line.test(one))) await sleep(20);
    };
    const adoption = migrateDatabase(database.knex, { adopt: true, log: (l) => lines.push(l) });
    await seen(/1110-product-search-fill/);
    await sleep(5_500);
    await reader.raw("select from product limit 1");
    await filler.commit();
    await seen(/Building nettle_\w+:/);
    await reader.commit();
    expect((await adoption).result).toBe("adopted");
    const text = lines.join("\n");
    expect(text).toMatch(
      /^Filling the search index: 83 % of 600 products, about \d+ seconds? left$/m,
    );
    expect(text).toMatch(/^Building nettle_\w+: 100 %, about \d+ seconds? left for 6 ind/m);
  });
});

describe("marks of changed products that no server takes", () => {
  it("stay bounded, and lose no change", async () => {
    await migrateDatabase(database.knex, { adopt: true, log: () => undefined });
    const product = await aProduct(database.knex);
    await database.knex.raw(
      `insert into nettle_product_search_due (kind, id)
       select 'product', 'prod_' || n from generate_series(1, 150000) n`,
    );
    const count = async () =>
      Number((await database.knex("nettle_product_search_due").count())[0]!["count"]);
    for (let round = 0; round < 12; round++)
      await database.knex("product").update({ title: `Round ${round}` });
    expect(await count()).toBeLessThan(105_000);

    // A writer whose transaction is still open keeps no other from writing its mark.
    const open = await database.connect(1).transaction();
    await open("product").where({ id: product.id }).update({ title: "Fell boots" });
    await database.knex("product_collection").insert({ id: "pcol", title: "Fells", handle: "f" });
    await open.commit();
    for (let rest = 1; rest > 0; ) {
      const { rows } = await database.knex.raw("select nettle_search_refresh(50000) as rest");
      rest = rows[0].rest;
    }
    expect(await count()).toBe(0);
    const { facets } = await database.knex("nettle_product_search").first();
    expect(JSON.stringify(facets)).toContain(product.id);
    const { rows } = await database.knex.raw(
      "select count(*)::int as found from nettle_product_search where title_words @@ 'boots:*'",
    );
    expect(rows[0].found).toBe(1);
  });
});
