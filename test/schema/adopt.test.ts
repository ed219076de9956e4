import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { buildSync } from "esbuild";
import type { Knex } from "knex";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { baselineMigrations, laterMigrations } from "../../migrations/index.ts";
import { StartupError } from "../../src/core/startup-error.ts";
import { changedTables } from "../../src/database/adoption-rights.ts";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { featureFlags } from "../../src/medusa-adoption/feature-flags.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildAsMedusa, turnFlagsOff } from "./build-as-medusa.ts";
import { readFacts } from "./read-facts.ts";

const baselineNames = baselineMigrations.map(({ name }) => name);
const laterNames = laterMigrations.map(({ name }) => name);
const silent = () => undefined;

let database: TestDatabase;
beforeEach(async () => {
  database = await openDatabase("empty");
});
afterEach(() => database.drop());

describe("a database that is not Nettle's", () => {
  it("is refused and left untouched when Medusa built it and adoption is not allowed", async () => {
    await buildAsMedusa(database.knex);
    const before = await readFacts(database.knex);
    const refusal = await expectMigrationRefused(false);
    expect(refusal).toMatch(
      /built by Medusa \(76 migrations, the last AlterCustomerUniqueConstraint1709888477798\)/,
    );
    expect(refusal).toMatch(/run `.* migrate` once/);
    expect(refusal).toContain("NETTLE_ADOPT=yes");
    expect(await readFacts(database.knex)).toEqual(before);
  });

  it("is refused when tables or columns are missing, with their names", async () => {
    await buildAsMedusa(database.knex);
    await database.knex.raw(
      "drop table product_category cascade; alter table cart drop column sales_channel_id",
    );
    const refusal = await expectMigrationRefused(true);
    expect(refusal).toContain("it lacks column cart.sales_channel_id, table product_category.");
    expect(refusal).toContain("npx medusa migrations run");
    expect(await hasNettleTables()).toBe(false);
  });

  it("is refused when an older Medusa built it, with the version to update to", async () => {
    await buildAsMedusa(database.knex);
    await database.knex("migrations").where("id", ">", 70).del();
    const refusal = await expectMigrationRefused(true);
    expect(refusal).toContain("older than Medusa 1.20.11: its last migration is drop");
    expect(refusal).toMatch(/lacks dropVariantIdFkMoneyAmount\d+, .* and 2 more/);
    expect(await hasNettleTables()).toBe(false);
  });

  it("is refused when modules of Medusa hold its stock or its products", async () => {
    await buildAsMedusa(database.knex);
    await database.knex("product_variant_inventory_item").insert({
      ...{ id: "pvitem_1", inventory_item_id: "iitem_1", variant_id: "variant_1" },
      required_quantity: 1,
    });
    await database.knex("migrations").insert({
      ...{ timestamp: 1694602553610, name: "dropFksIsolatedProducts1694602553610" },
    });
    const refusal = await expectMigrationRefused(true);
    expect(refusal).toContain("inventory module keeps the stock");
    expect(refusal).toContain("medusa_v2 (dropFksIsolatedProducts1694602553610)");
    expect(await hasNettleTables()).toBe(false);
  });

  it("is refused when new rows would have to fill columns that are not Medusa's", async () => {
    await buildAsMedusa(database.knex);
    await database.knex.raw(`
      create domain shade as text not null;
      create domain grade as int not null default 1;
      alter table line_item add column vendor text not null;
      alter table line_item add column shade shade;
      alter table cart add column rating int not null default 0;
      alter table cart add column number bigint generated always as identity;
      alter table cart add column twice int not null generated always as (2) stored;
      alter table cart add column grade grade not null;
      alter table store add column owner text not null default '';
      alter table store alter column owner drop default;
      alter table product add column brand text not null`);
    const refusal = await expectMigrationRefused(true);
    expect(refusal).toContain(
      "must be filled in every new row: line_item.vendor, line_item.shade. Nettle",
    );
    expect(refusal).toContain("give each a default, or let it be null");
    await database.knex.raw(`alter table line_item alter column vendor set default '';
      alter table line_item alter column shade set default 'red'; truncate store cascade`);
    expect(await expectMigrationRefused(true)).toContain("every new row: store.owner. Nettle");
    await database.knex.raw("alter table store alter column owner drop not null");
    expect((await migrate(true)).result).toBe("adopted");
  });

  it("is refused when it has another program's tables", async () => {
    await database.knex.raw(
      "create table migrations (id serial, migration text); create table product (); create " +
        "table store ()",
    );
    expect(await expectMigrationRefused(true)).toMatch(
      /neither Nettle's nor Medusa's \(migrations, product, store\)/,
    );
    expect(await hasNettleTables()).toBe(false);
  });

  it("is refused when a newer Nettle migrated it", async () => {
    await migrate();
    await database.knex("nettle_migrations").insert({ name: "9990-from-the-future", batch: 2 });
    expect(await expectMigrationRefused(false)).toMatch(
      /newer Nettle \(9990-from-the-future unknown here\)/,
    );
  });

  it("is refused when its user may not create tables", async () => {
    await asGuest(async (guest) => {
      await guest.raw("set search_path to public");
      await expect(migrateDatabase(guest, { adopt: false, log: silent })).rejects.toThrow(
        StartupError,
      );
    });
  });
});

describe("a database that Medusa built", () => {
  it("is adopted by a user who owns just the tables that change, without pg_trgm", async () => {
    await buildAsMedusa(database.knex);
    await turnFlagsOff(database.knex);
    await database.knex.raw("drop extension pg_trgm cascade");
    const added = ["sales_channel", "product_sales_channel"];
    const owned = changedTables(featureFlags).filter((name) => !added.includes(name));
    await asRole(async (guest, role) => {
      await guest.raw("reset role; set search_path to public");
      await guest.raw(`grant create on schema public to ${role};
        grant all on all tables in schema public to ${role};
        grant all on all sequences in schema public to ${role}`);
      for (const table of owned) await guest.raw(`alter table ?? owner to ${role}`, [table]);
      await guest.raw(`alter table region owner to current_user; set role ${role}`);
      const before = await readFacts(database.knex);
      const refusal = await migrateDatabase(guest, { adopt: true, log: silent }).catch(
        (error: Error) => error.message,
      );
      expect(refusal).toMatch(
        /^The database user nettle_guest_\w+ may not change 1 table, so nothing was changed: run `/,
      );
      expect(await readFacts(database.knex)).toEqual(before);

      await guest.raw(`reset role; alter table region owner to ${role}; set role ${role}`);
      expect((await migrateDatabase(guest, { adopt: true, log: silent })).result).toBe("adopted");
    });
  });

  it("is adopted unchanged, with the tables of plugins", async () => {
    await buildAsMedusa(database.knex);
    await database.knex.raw(`
      create schema plugins; create table plugins.things (id int);
      create table wishlist (id int);
      alter table product add column rating int; create index by_rating on product (rating);
      delete from country where iso_2 <> 'dk'; delete from payment_provider`);
    const before = await readFacts(database.knex);
    expect(await migrate(true)).toEqual({ result: "adopted", ran: laterNames });

    const after = await readFacts(database.knex);
    for (const [name, { indexes }] of Object.entries(after.tables)) {
      if (name.startsWith("nettle_")) delete after.tables[name];
      for (const index of Object.keys(indexes))
        if (index.startsWith("nettle_")) delete indexes[index];
    }
    expect(after.tables).toEqual(before.tables);
    expect(await database.knex("country").pluck("iso_2")).toEqual(["dk"]);
    expect(await database.knex("store").pluck("name")).toEqual(["Medusa Store"]);
    expect(await database.knex("nettle_migrations").orderBy("id").pluck("name")).toEqual([
      ...baselineNames,
      ...laterNames,
    ]);
  });

  it("gets what feature flags that are off have left out, as Medusa adds it", async () => {
    await buildAsMedusa(database.knex);
    const everything = await readFacts(database.knex);
    const migrations = await database.knex("migrations").pluck("name");
    await turnFlagsOff(database.knex);
    await migrate(true);
    const found = await readFacts(database.knex);
    for (const [name, { columns, constraints, indexes }] of Object.entries(everything.tables)) {
      expect({ [name]: found.tables[name]!.columns.sort() }).toEqual({ [name]: columns.sort() });
      expect(found.tables[name]!.constraints).toEqual(constraints);
      expect(found.tables[name]!.indexes).toMatchObject(indexes);
    }
    expect((await database.knex("migrations").pluck("name")).sort()).toEqual(migrations.sort());
    expect(await database.knex("sales_channel")).toEqual([]);
  });

  it.each([["on"], ["off"]])(
    "gets the rows of Medusa's start if there was none, with its flags %s",
    async (flags) => {
      await buildAsMedusa(database.knex);
      if (flags === "off") await turnFlagsOff(database.knex);
      await database.knex.raw(`
        truncate store, store_currencies, shipping_profile, payment_provider, fulfillment_provider,
          currency, country cascade`);
      await migrate(true);

      const { rows } = await database.knex.raw(`
        select store.name, default_currency_code, sales_channel.name as channel, description,
          array(select currency_code from store_currencies) as currencies
        from store left join sales_channel on sales_channel.id = default_sales_channel_id`);
      const [channel, description] =
        flags === "on" ? ["Default Sales Channel", "Created by Medusa"] : [null, null];
      expect(rows).toEqual([
        {
          ...{ name: "Medusa Store", default_currency_code: "usd", channel, description },
          currencies: ["usd"],
        },
      ]);
      expect(await database.knex("shipping_profile").orderBy("type").pluck("name")).toEqual([
        ...["Default Shipping Profile", "Gift Card Profile"],
      ]);
      expect((await database.knex("currency").pluck("code")).length).toBe(120);
      expect((await database.knex("country").pluck("iso_2")).length).toBe(250);
      for (const table of ["payment_provider", "fulfillment_provider"])
        expect(await database.knex(table)).toEqual([]);
    },
  );

  it("is adopted after a long transaction that locks a table", async () => {
    await buildAsMedusa(database.knex);
    await database.knex("store").del();
    const shopper = await database.connect(1).transaction();
    await shopper.raw("lock table store in access exclusive mode");
    const lines: string[] = [];
    const adoption = migrateDatabase(database.knex, {
      adopt: true,
      log: (line) => {
        lines.push(line);
        if (line.includes("waits for tables")) void shopper.rollback();
      },
    });
    expect(await adoption).toMatchObject({ result: "adopted" });
    expect(lines.join()).toContain("0190-store waits for tables that others use");
    expect(await database.knex("store").pluck("name")).toEqual(["Medusa Store"]);
  });
});

describe("migrating", () => {
  it("takes two queries when there is nothing to do", async () => {
    expect(await migrate()).toEqual({ result: "built", ran: [...baselineNames, ...laterNames] });
    const queries: string[] = [];
    database.knex.on("query", ({ sql }) => queries.push(sql));
    expect(await migrate()).toEqual({ result: "current", ran: [] });
    expect(queries).toHaveLength(2);
  });

  it("happens once when three processes start together", async () => {
    const results = await Promise.all(
      [1, 2, 3].map(() => migrateDatabase(database.connect(1), { adopt: false, log: silent })),
    );
    expect(results.map(({ result }) => result).sort()).toEqual(["built", "current", "current"]);
    expect(await database.knex("store").pluck("name")).toEqual(["Nettle Store"]);
  });

  it("starts over after a process was killed", async () => {
    const other = await database.connect(1).transaction();
    await other.raw("create table gift_card ()");
    const migration = startMigrating(database.url);
    await untilSomeoneWaits();
    migration.kill("SIGKILL");
    await once(migration, "exit");
    await other.rollback();
    expect(await migrate()).toMatchObject({ result: "built" });
  });

  it("resumes after a killed process that left its lock", async () => {
    await migrate();
    await database.knex("nettle_migrations").where("name", laterNames.at(-1)).del();
    await database.knex("nettle_migrations_lock").update({ is_locked: 1 });
    expect(await migrate()).toEqual({ result: "moved", ran: laterNames.slice(-1) });
  });

  it("works without trigram indexes and in another schema", async () => {
    await asGuest(async (guest) => {
      expect(await migrateDatabase(guest, { adopt: false, log: silent })).toMatchObject({
        result: "built",
      });
      const { indexes } = (await readFacts(guest)).tables["product"]!;
      expect(Object.keys(indexes).filter((name) => !name.startsWith("nettle_product_"))).toEqual([
        "IDX_cf9cc6c3f2e6414b992223fff1",
      ]);
    });
    expect((await readFacts(database.knex)).tables).toEqual({});
  });
});

function migrate(adopt = false) {
  return migrateDatabase(database.knex, { adopt, log: silent });
}

async function expectMigrationRefused(adopt: boolean): Promise<string> {
  const refusal = await migrate(adopt).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StartupError);
  return (refusal as StartupError).message;
}

async function hasNettleTables(): Promise<boolean> {
  return Object.keys((await readFacts(database.knex)).tables).some((name) =>
    name.startsWith("nettle_"),
  );
}

/** Runs as a user who owns a schema and may create nothing else, also no extension. */
async function asGuest(run: (guest: Knex) => Promise<void>): Promise<void> {
  await asRole(async (guest, role) => {
    await guest.raw(`set search_path to ${role}`);
    await run(guest);
  });
}

/** Runs as a user who owns a schema of the user's name, on a connection of the administrator's. */
async function asRole(run: (guest: Knex, role: string) => Promise<void>): Promise<void> {
  const role = `nettle_guest_${randomBytes(6).toString("hex")}`;
  await database.knex.raw(
    `create role ${role}; create schema ${role} authorization ${role};
      revoke create on schema public from public`,
  );
  const guest = database.connect(1);
  try {
    await guest.raw(`set role ${role}`);
    await run(guest, role);
  } finally {
    await guest.destroy();
    await database.knex.raw(`drop owned by ${role} cascade; drop role ${role}`);
  }
}

/** Migrates in another process. */
function startMigrating(url: string): ChildProcess {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `
        import knexOf from "knex";
        import { migrateDatabase } from "./src/database/migrate-database.ts";
        const knex = knexOf({ client: "pg", connection: process.argv[2] });
        await migrateDatabase(knex, { adopt: false, log: () => undefined });`,
      resolveDir: projectRoot(),
    },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    write: false,
  });
  const child = spawn(process.execPath, ["--input-type=module", "-", url], {
    cwd: projectRoot(),
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin?.end(outputFiles[0]?.text);
  return child;
}

async function untilSomeoneWaits(): Promise<void> {
  await vi.waitFor(
    async () => {
      const waiting = await database
        .knex("pg_stat_activity")
        .whereRaw("datname = current_database() and wait_event_type = 'Lock'");
      expect(waiting).toHaveLength(1);
    },
    { timeout: 20_000, interval: 20 },
  );
}
