import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StartupError } from "../../src/core/startup-error.ts";
import { type SeededDemo, seedDemo } from "../../src/demo/seed-demo.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { digestTables } from "./digest-tables.ts";

const publicUrl = "http://shop.test:9000/";
const lines: string[] = [];
const options = { publicUrl, log: (line: string) => lines.push(line) };

describe("seeding a database that is not empty", () => {
  let shop: TestDatabase;
  beforeAll(async () => {
    shop = await openDatabase();
  });
  afterAll(() => shop.drop());

  const foreignRows = {
    product: { id: "prod_theirs", title: "Theirs" },
    region: { id: "reg_theirs", name: "Theirs", currency_code: "eur", tax_rate: 0 },
    customer: { id: "cus_theirs", email: "them@example.com" },
  };

  it.each(Object.entries(foreignRows))(
    "refuses a database with a %s, and changes nothing",
    async (table, row) => {
      await shop.knex(table).insert(row);
      const before = await digestTables(shop.knex);
      await expect(seedDemo(shop.knex, options)).rejects.toThrow(StartupError);
      await expect(seedDemo(shop.knex, options)).rejects.toThrow(
        `This database already holds a shop (${table}s: 1)`,
      );
      expect(await digestTables(shop.knex)).toEqual(before);
      await shop.knex(table).where({ id: row.id }).delete();
    },
  );

  it("refuses a shop whose products are all soft-deleted", async () => {
    await shop.knex("product").insert({ ...foreignRows.product, deleted_at: new Date() });
    await expect(seedDemo(shop.knex, options)).rejects.toThrow(StartupError);
    await shop.knex("product").delete();
  });

  it("refuses a database without a store, and reports what to do", async () => {
    await shop.knex("store_currencies").delete();
    await shop.knex("store").delete();
    await expect(seedDemo(shop.knex, options)).rejects.toThrow(/run `.* migrate` first/);
  });

  it("refuses a database that was never migrated", async () => {
    await shop.knex.raw("drop schema public cascade; create schema public");
    await expect(seedDemo(shop.knex, options)).rejects.toThrow(/run `.* migrate` first/);
  });
});

describe("seeding that fails", () => {
  it("leaves nothing behind and succeeds later", async () => {
    const shop = await openDatabase();
    try {
      await shop.knex.raw("alter table return_reason add constraint no_reasons check (value = '')");
      const before = await digestTables(shop.knex);
      await expect(seedDemo(shop.knex, options)).rejects.toThrow("no_reasons");
      expect(await digestTables(shop.knex)).toEqual(before);
      await shop.knex.raw("alter table return_reason drop constraint no_reasons");
      expect((await seedDemo(shop.knex, options)).seeded).toBe(true);
    } finally {
      await shop.drop();
    }
  });
});

describe("seeding that is cut off", () => {
  it("leaves nothing behind", async () => {
    const shop = await openDatabase();
    try {
      const before = await digestTables(shop.knex);
      const lockHolder = await shop.knex.transaction();
      await lockHolder.raw("lock table return_reason in access exclusive mode");
      const seeding = seedDemo(shop.knex, options).then(
        () => "seeded",
        () => "cut off",
      );
      await cutOffWaiting(lockHolder);
      expect(await seeding).toBe("cut off");
      await lockHolder.rollback();
      expect(await digestTables(shop.knex)).toEqual(before);
    } finally {
      await shop.drop();
    }
  });

  /** Terminates the connection that waits for the lock, as the death of its process would. */
  async function cutOffWaiting(knex: Knex): Promise<void> {
    const cut =
      "select pg_terminate_backend(pid) from pg_locks where relation = 'return_reason'::regclass " +
      "and not granted";
    while ((await knex.raw(cut)).rows.length === 0) await sleep(20);
  }
});

describe("seeding an empty shop", () => {
  let shop: TestDatabase;
  let seeded: SeededDemo[];
  beforeAll(async () => {
    shop = await openDatabase();
    lines.length = 0;
    seeded = await Promise.all([seedDemo(shop.knex, options), seedDemo(shop.knex, options)]);
  });
  afterAll(() => shop.drop());

  it("happens once when two processes start together", () => {
    expect(seeded.map((result) => result.seeded).sort()).toEqual([false, true]);
    const summary = "Seeded the demo shop Hollin & Tarn: 40 products in 4 regions";
    expect(lines.filter((line) => line.startsWith(summary))).toHaveLength(1);
  });

  it("counts the rows of its tables, so that the first statements are planned well", async () => {
    const known = await shop.knex.raw(
      "select reltuples from pg_class where oid = 'money_amount'::regclass",
    );
    expect(known.rows[0].reltuples).toBeGreaterThan(100);
  });

  it("changes nothing the second time, also with customers", async () => {
    await shop.knex("customer").insert({ id: "cus_new", email: "new@example.com" });
    const before = await digestTables(shop.knex);
    expect(await seedDemo(shop.knex, options)).toEqual({ ...seeded[0], seeded: false });
    expect(await digestTables(shop.knex)).toEqual(before);
  });
});
