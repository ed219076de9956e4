import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectDatabase } from "../../src/database/connect-database.ts";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { commandLine } from "../../src/runtime/command-line.ts";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { aProduct } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildAsMedusa, turnFlagsOff } from "./build-as-medusa.ts";
import { readFacts } from "./read-facts.ts";
import { readObjects } from "./read-objects.ts";

let program: NettleProgram;
let database: TestDatabase;
beforeAll(() => {
  program = buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  database = await openDatabase("empty");
  await buildAsMedusa(database.knex);
});
afterEach(() => database.drop());

/** Closes the test's own connections first, which look like those of a server. */
const remove = async (option = "") => {
  await database.knex.destroy();
  database.knex.initialize();
  return program.run(`migrate --undo${option}`, { DATABASE_URL: database.url });
};
/** Returns the schema with the columns of each table in the order of their names. */
const medusasFacts = async () => {
  const facts = await readFacts(database.knex);
  for (const { columns } of Object.values(facts.tables)) columns.sort();
  return facts;
};
const adopt = () =>
  migrateDatabase(database.knex, { adopt: true, log: () => undefined }).then(
    ({ result }) => result,
  );

describe("nettle migrate --undo", () => {
  it.each([["before"], ["by Nettle"]])(
    "leaves the schema as before the adoption, with pg_trgm created %s",
    async (extension) => {
      if (extension !== "before") await database.knex.raw("drop extension pg_trgm cascade");
      const before = [await readFacts(database.knex), await readObjects(database.knex)];
      expect(await adopt()).toBe("adopted");
      const product = await aProduct(database.knex);
      expect((await readObjects(database.knex)).join()).toContain("nettle_");

      const { code, out, error } = await remove();
      expect([code, error]).toEqual([0, ""]);
      expect(out).toContain("Nettle is removed from this database");
      expect([await readFacts(database.knex), await readObjects(database.knex)]).toEqual(before);
      expect(await database.knex("product").pluck("id")).toEqual([product.id]);

      expect((await remove()).out).toContain("there is nothing to undo");
      expect(await adopt()).toBe("adopted");
    },
  );

  it("keeps what a feature flag has added once the shop uses it", async () => {
    await turnFlagsOff(database.knex);
    await adopt();
    await database.knex("sales_channel").insert({ id: "sc_1", name: "Shop" });
    const { code, out } = await remove();
    expect(code).toBe(0);
    expect(out).toContain("flag sales_channels stay: rows of the shop use them");
    expect(out).toContain("Removed the tables and columns of Medusa's flag tax_inclusive_pricing");
    expect(await database.knex("sales_channel").pluck("id")).toEqual(["sc_1"]);
    const names = await database.knex("migrations").pluck("name");
    expect(names).toContain("salesChannel1656949291839");
    expect(names).not.toContain("test1659501357661");
  });

  it("keeps what was added for flags if it is told so, though one before was not", async () => {
    const withFlags = await medusasFacts();
    const migrations = await database.knex("migrations").pluck("name");
    await turnFlagsOff(database.knex);
    await adopt();
    await database.knex.raw("create view mine as select word from nettle_search_word");
    expect((await remove()).out).toContain("Removed the tables and columns of Medusa's flag");
    await database.knex.raw("drop view mine");
    const { code, out, error } = await remove(" --keep-flags");
    expect([code, error]).toEqual([0, ""]);
    for (const flag of ["sales_channels", "tax_inclusive_pricing"])
      expect(out).toContain(`The tables and columns of Medusa's flag ${flag} stay, as asked`);
    expect(await medusasFacts()).toEqual(withFlags);
    expect((await database.knex("migrations").pluck("name")).sort()).toEqual(migrations.sort());
    expect(await adopt()).toBe("adopted");
    expect(await database.knex.schema.hasTable("nettle_added_flag")).toBe(false);
  });

  it("works on a shop that has no store", async () => {
    await turnFlagsOff(database.knex);
    const before = await readFacts(database.knex);
    await adopt();
    await database.knex.raw("truncate store cascade");
    const { code, out, error } = await remove();
    expect([code, error]).toEqual([0, ""]);
    expect(out).toContain("Removed the tables and columns of Medusa's flag sales_channels");
    expect(await readFacts(database.knex)).toEqual(before);
  });

  it("refuses while payments are unsettled, and names them", async () => {
    await adopt();
    await database.knex("nettle_checkout").insert({
      cart_id: "cart_1",
      claimed_until: "2020-01-01",
      provider_id: "stripe",
      amount: 1200,
      currency_code: "eur",
    });
    await database.knex("nettle_authorization").insert({
      session_id: "ps_1",
      payment_collection_id: "paycol_1",
      claimed_until: "2020-01-01",
      attempt: "pa_1",
      provider_id: "stripe",
      amount: 300,
      currency_code: "eur",
      data: "{}",
      context: "{}",
    });
    const before = await readObjects(database.knex);
    const { code, error } = await remove();
    expect(code).toBe(1);
    expect(error).toContain("2 payments are not settled yet, so nothing was removed");
    expect(error).toContain("cart cart_1, provider stripe, 1200 eur");
    expect(error).toContain("payment collection paycol_1, provider stripe, 300 eur");
    expect(await readObjects(database.knex)).toEqual(before);
  });

  it("refuses while a server of Nettle is connected", async () => {
    await adopt();
    const server = connectDatabase({
      ...{ url: database.url, poolSize: 1, prepare: "on", acquireTimeout: 5000 },
      ...{ statementTimeout: 5000, lockTimeout: 5000, idleInTransactionTimeout: 5000 },
    });
    await server.raw("select 1");
    const { code, error } = await remove();
    await server.destroy();
    expect([code, error]).toEqual([1, expect.stringContaining("stop its servers first")]);
  });

  it("says what ends with it, and finishes what was interrupted", async () => {
    await adopt();
    const event = { name: "customer.created", data: "{}" };
    await database
      .knex("nettle_delivery")
      .insert({ event_id: "e1", subscriber: "mails", aggregate: "cus_1", ...event });
    await database.knex.raw("create view mine as select word from nettle_search_word");
    const refused = await remove();
    expect(refused.code).toBe(1);
    expect(refused.error).toMatch(/Other objects depend on Nettle's.*view mine/);
    expect(refused.out).toContain("1 event was not delivered and is dropped");
    const start = await migrateDatabase(database.knex, { adopt: true, log: () => undefined }).catch(
      (error: Error) => error.message,
    );
    expect(start).toContain(`run ${commandLine("migrate --undo")} again`);
    await database.knex.raw("drop view mine");
    expect((await remove()).code).toBe(0);
    expect((await readObjects(database.knex)).join()).not.toContain("nettle");
  });
});

describe("nettle migrate", () => {
  it("refuses to keep flags without an undo", async () => {
    const before = await readObjects(database.knex);
    const { code, error } = await program.run("migrate --keep-flags", {
      DATABASE_URL: database.url,
    });
    expect([code, error]).toEqual([1, expect.stringContaining("'--keep-flags' needs '--undo'")]);
    expect(await readObjects(database.knex)).toEqual(before);
  });

  it("shows its help without migrating", async () => {
    const before = await readObjects(database.knex);
    const shown = await program.run("migrate --help", { DATABASE_URL: database.url });
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining("Usage: nettle migrate")]);
    for (const argument of ["help", "--dry-run"]) {
      const refused = await program.run(`migrate ${argument}`, { DATABASE_URL: database.url });
      expect(refused.code).toBe(1);
    }
    expect(await readObjects(database.knex)).toEqual(before);
  });
});
