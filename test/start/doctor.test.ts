import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/doctor/finding.ts";
import { buildAsMedusa, turnFlagsOff } from "../schema/build-as-medusa.ts";
import { readObjects } from "../schema/read-objects.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { isRedisInstalled, startRedis } from "../support/redis-server.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

let program: NettleProgram;
let database: TestDatabase;
beforeAll(() => {
  program = buildProgram();
});
afterAll(() => program.remove());
afterEach(() => database.drop());

const secrets = { JWT_SECRET: "kq83hfnalz02mfpw", COOKIE_SECRET: "p0qmx62ncbaz91vh" };

/** Runs it with `--json`. Returns the exit code and the findings as `level subject: message`. */
async function examine(words: string, settings: Record<string, string> = {}) {
  const { code, out, error } = await program.run(`doctor --json${words}`, settings);
  expect(error).toBe("");
  const { healthy, findings } = JSON.parse(out) as { healthy: boolean; findings: Finding[] };
  expect(healthy).toBe(code === 0);
  const lines = findings.map(({ level, subject, message }) => `${level} ${subject}: ${message}`);
  return { code, findings, lines };
}

describe("nettle doctor --takeover", () => {
  beforeEach(async () => {
    database = await openDatabase("empty");
  });

  it("refuses what is no URL of a database, and reports one that does not answer", async () => {
    const refused = await program.run("doctor --takeover shop", {});
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.error).toContain("--takeover needs the URL of a database");
    const { code, lines } = await examine(" --takeover postgres://nobody@127.0.0.1:1/shop");
    expect(code).toBe(1);
    expect(lines.join()).toContain("problem database: The database at 127.0.0.1:1/shop");
  });

  it("says what forbids an adoption, and what to do", async () => {
    await database.knex.raw("create table mikro_orm_migrations (id int)");
    const foreign = await examine(` --takeover ${database.url}`);
    expect([foreign.code, foreign.lines[0]]).toEqual([1, expect.stringContaining("Medusa 2")]);
    await database.knex.raw("drop table mikro_orm_migrations");

    await buildAsMedusa(database.knex);
    await database.knex.raw(`
      alter table cart add column shop text not null;
      delete from migrations where name like 'AlterCustomer%';
      insert into migrations (timestamp, name)
        values (1694602553610, 'dropFksIsolatedProducts1694602553610');
      insert into product_variant_inventory_item
          (id, inventory_item_id, variant_id, required_quantity)
        values ('pvitem_1', 'iitem_1', 'variant_1', 1);
      drop table return_reason cascade`);
    const { code, findings } = await examine(` --takeover ${database.url}`);
    expect(code).toBe(1);
    const problems = findings.filter(({ level }) => level === "problem");
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("medusa_v2 (dropFksIsolatedProducts1694602553610)"),
      expect.stringContaining("lacks AlterCustomerUniqueConstraint1709888477798"),
      expect.stringContaining("it lacks table return_reason"),
      expect.stringContaining("product_variant_inventory_item has rows"),
      expect.stringContaining("must be filled in every new row: cart.shop"),
    ]);
    expect(problems.map(({ action }) => action)).toEqual([
      expect.stringMatching(/^go on with Medusa, or restore an earlier backup/),
      expect.stringMatching(/^Update the shop to Medusa 1.20.11/),
      expect.stringMatching(/^Run Medusa 1.20.11's own migrations first/),
      expect.stringMatching(/^write the stock to product_variant.inventory_quantity/),
      expect.stringMatching(/^give each a default/),
    ]);
  });

  it("reads with no other right than to select, and writes nothing", async () => {
    await buildAsMedusa(database.knex);
    await turnFlagsOff(database.knex);
    const role = `nettle_reader_${randomBytes(6).toString("hex")}`;
    await database.knex.raw(`
      drop extension pg_trgm cascade;
      create table wishlist (id int); create schema plugins;
      alter table product add column rating int;
      insert into region (id, name, currency_code, tax_rate) values ('reg_1', 'EU', 'eur', 0);
      insert into payment_provider (id) values ('klarna');
      insert into region_payment_providers (region_id, provider_id) values ('reg_1', 'klarna');
      create role ${role} login password 'reader';
      grant select on all tables in schema public to ${role};
      alter role ${role} set default_transaction_read_only = on`);
    const before = await readObjects(database.knex);
    const url = new URL(database.url);
    Object.assign(url, { username: role, password: "reader" });
    const { code, lines } = await examine(` --takeover ${url.href}`);
    await database.knex.raw(`drop owned by ${role}; drop role ${role}`);

    expect(code).toBe(0);
    const text = lines.join("\n");
    expect(text).toMatch(/built it with 73 migrations, the last AlterCustomerUnique/);
    expect(text).toContain("note feature flag sales_channels: it is off: its tables");
    expect(text).toContain("note tables that are not Medusa's: wishlist stay");
    expect(text).toContain("note columns that are not Medusa's: product.rating stay");
    expect(text).toContain("note other schemas: plugins stay");
    expect(text).toMatch(/warning payment provider klarna: .* is used by the regions EU/);
    expect(text).toMatch(/warning rights: nettle_reader_\w+ may not change \d+ tables/);
    expect(text).toMatch(/warning extensions: pg_trgm is not there/);
    expect(text).toMatch(/note sizes: .* 15 indexes are built/);
    expect(await readObjects(database.knex)).toEqual(before);
  });
});

describe("nettle doctor", () => {
  beforeEach(async () => {
    database = await openDatabase();
  });

  it("finds nothing wrong with a server that is set up", async () => {
    const found = await examine("", { DATABASE_URL: database.url, ...secrets });
    expect([found.code, found.lines]).toEqual([0, []]);
    const shown = await program.run("doctor", { DATABASE_URL: database.url, ...secrets });
    expect([shown.code, shown.out]).toEqual([0, "0 problems, 0 warnings\n"]);
  });

  it("says what is wrong with settings, Redis, triggers and indexes", async () => {
    await database.knex.raw(`
      alter table product disable trigger nettle_catalogue_change;
      drop trigger nettle_catalogue_change on region;
      update pg_index set indisvalid = false where indexrelid = 'nettle_product_title'::regclass`);
    const { code, lines, findings } = await examine("", {
      DATABASE_URL: database.url,
      REDIS_URL: "redis://127.0.0.1:1",
      JWT_SECRET: "aaaaaaaaaaaa",
    });
    expect(code).toBe(1);
    const text = lines.join("\n");
    expect(text).toContain("problem settings: COOKIE_SECRET is missing");
    expect(text).toContain("warning settings: JWT_SECRET is weak");
    expect(text).toContain("problem Redis: Redis at 127.0.0.1:1 (REDIS_URL) cannot be reached");
    expect(text).toContain("trigger nettle_catalogue_change: it is switched off on product");
    expect(text).toContain("problem triggers: they are missing on region");
    expect(text).toContain("warning index nettle_product_title: its build was interrupted");
    expect(findings.filter(({ action }) => !action)).toEqual([]);
  });

  it("prints the same for people as with --json", async () => {
    await database.knex.raw("alter table product disable trigger nettle_catalogue_change");
    const settings = { DATABASE_URL: database.url, JWT_SECRET: "aaaaaaaaaaaa" };
    const { findings } = await examine("", settings);
    const { code, out, error } = await program.run("doctor", settings);
    expect([code, error]).toEqual([1, ""]);
    expect(findings.map(({ level }) => level).sort()).toEqual(["problem", "problem", "warning"]);
    for (const { level, subject, message, action } of findings)
      expect(out).toContain(
        `${level.padEnd(8)} ${subject}: ${message}\n         What to do: ${action}\n`,
      );
    expect(out.trimEnd().split("\n").at(-1)).toBe("2 problems, 1 warning");
  });

  it("says that the database does not answer, or that nothing of Nettle's is in it", async () => {
    const url = new URL(database.url);
    url.pathname = "/nettle_nowhere";
    const lost = await examine("", { DATABASE_URL: url.href, ...secrets });
    expect([lost.code, lost.lines]).toEqual([
      1,
      [
        expect.stringMatching(
          /^problem database: The database at .*nettle_nowhere.* does not exist/,
        ),
      ],
    ]);
    expect(lost.findings[0]?.action).toContain("check host, port, name");

    const empty = await openDatabase("empty");
    const { code, lines } = await examine("", { DATABASE_URL: empty.url, ...secrets });
    await empty.drop();
    expect([code, lines]).toEqual([
      1,
      ["problem migrations: Nettle has not migrated this database"],
    ]);
  });

  it("names a PostgreSQL that is too old, and a clock that differs", async () => {
    // Functions of these names stand before PostgreSQL's own.
    await database.knex.raw(`
      create function public.current_setting(text) returns text language sql
        as $$ select case $1 when 'server_version_num' then '120022'
          else pg_catalog.current_setting($1) end $$;
      create function public.clock_timestamp() returns timestamptz language sql
        as $$ select pg_catalog.clock_timestamp() + interval '1 hour' $$;
      do $$ begin
        execute format('alter database %I set search_path = public, pg_catalog',
          current_database());
      end $$`);
    const { code, lines, findings } = await examine("", { DATABASE_URL: database.url, ...secrets });
    expect([code, lines]).toEqual([
      1,
      [
        expect.stringMatching(/clocks of this machine and of the database differ by 3,600 seconds/),
        "problem PostgreSQL: PostgreSQL 13 or newer is required; this server is 12.",
      ],
    ]);
    expect(findings[1]?.action).toContain("update PostgreSQL");
    const takeover = await examine(` --takeover ${database.url}`);
    expect(takeover.lines[0]).toContain("PostgreSQL 13 or newer is required");
  });

  it("names triggers that miss changes, and sessions in which most do not fire", async () => {
    const role = `nettle_copier_${randomBytes(6).toString("hex")}`;
    const { rows } = await database.knex.raw("select current_database() as name");
    const { name } = rows[0];
    await database.knex.raw(`
      alter table discount disable trigger nettle_count_uses;
      alter table region enable trigger nettle_catalogue_change;
      alter table product enable replica trigger nettle_catalogue_change;
      create role ${role};
      alter role ${role} in database ${name} set session_replication_role = replica;
      alter database ${name} set session_replication_role = replica`);
    const { code, lines, findings } = await examine("", { DATABASE_URL: database.url, ...secrets });
    await database.knex.raw(`drop role ${role}`);
    expect(code).toBe(1);
    const text = lines.join("\n");
    expect(text).toContain("switched off on region for a replication: changes that it makes");
    expect(text).toContain("switched off on product, except for a replication: other changes");
    expect(text).toContain("replica for every role of this database: foreign keys are not checked");
    expect(text).toContain(`warning session_replication_role: it is replica for the role ${role}`);
    expect(findings.map(({ action }) => action)).toEqual([
      "alter table discount enable trigger nettle_count_uses",
      "alter table product enable always trigger nettle_catalogue_change",
      "alter table region enable always trigger nettle_catalogue_change",
      `alter database ${name} reset session_replication_role, and connect again`,
      `alter role ${role} in database ${name} reset session_replication_role, and connect again`,
    ]);
  });

  it.runIf(isRedisInstalled())("says that Redis wants a password, or another one", async () => {
    const redis = await startRedis(undefined, "fells");
    const given = [`redis://127.0.0.1:${redis.port}`, `redis://:moor@127.0.0.1:${redis.port}`];
    const found = await Promise.all(
      [...given, redis.url].map((url) =>
        examine("", { DATABASE_URL: database.url, REDIS_URL: url, ...secrets }),
      ),
    ).finally(() => redis.stop());
    const [without, wrong, right] = found.map(({ code, findings }) => ({ code, ...findings[0] }));
    expect(without).toMatchObject({
      ...{ code: 1, subject: "Redis", message: expect.stringMatching(/wants a password$/) },
      action: "give it in REDIS_URL, as in redis://user:password@host:6379.",
    });
    expect(wrong).toMatchObject({
      ...{ code: 1, message: expect.stringMatching(/does not know this user and password$/) },
    });
    expect(right).toEqual({ code: 0 });
  });

  it("names migrations that have not run, or that it does not know", async () => {
    await database.knex("nettle_migrations").where({ name: "1521-webhooks" }).del();
    const pending = await examine("", { DATABASE_URL: database.url, ...secrets });
    expect([pending.code, pending.lines]).toEqual([
      1,
      ["problem migrations: 1 migration has not run (1521-webhooks)"],
    ]);
    await database.knex("nettle_migrations").insert({ name: "9990-from-the-future", batch: 2 });
    const newer = await examine("", { DATABASE_URL: database.url, ...secrets });
    expect(newer.lines).toEqual([expect.stringContaining("migrated by a newer Nettle")]);
  });
});
