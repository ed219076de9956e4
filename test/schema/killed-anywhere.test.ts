import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAddedFlags } from "../../src/database/feature-flag-parts.ts";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { removeNettle } from "../../src/database/remove-nettle.ts";
import { killAfterStatement } from "../support/kill-after-statement.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildAsMedusa, turnFlagsOff } from "./build-as-medusa.ts";
import { readFacts } from "./read-facts.ts";
import { readObjects } from "./read-objects.ts";

const silent = () => undefined;
const databases: TestDatabase[] = [];
let database: TestDatabase;

beforeEach(async () => {
  database = await openMedusaDatabase();
});
afterEach(async () => {
  for (const one of databases.splice(0)) await one.drop();
});

/** A shop of a Medusa whose feature flags are off, with a product. */
async function openMedusaDatabase(): Promise<TestDatabase> {
  const opened = await openDatabase("empty");
  databases.push(opened);
  await buildAsMedusa(opened.knex);
  await turnFlagsOff(opened.knex);
  return opened;
}

const adopt = (one: TestDatabase) =>
  migrateDatabase(one.knex, { adopt: true, log: silent }).then(({ result }) => result);

/**
 * Runs something again and again, and each time kills it after the next statement that it has not
 * come to before, until it comes to its end. Returns how often it was killed, and
 * after which statements.
 */
async function killEverywhere(
  run: (knex: TestDatabase["knex"]) => Promise<unknown>,
): Promise<{ kills: number; statements: string }> {
  const seen = new Set<string>();
  for (let kills = 0; ; kills++) {
    const knex = database.connect(3);
    const isDead = killAfterStatement(knex, seen);
    const failure = await run(knex).then(
      () => undefined,
      (error: Error) => error,
    );
    await knex.destroy();
    if (isDead()) continue;
    if (failure) throw failure;
    return { kills, statements: [...seen].join("\n") };
  }
}

describe("killed after any of its statements and run again", { timeout: 240_000 }, () => {
  it("an adoption leaves the same database", async () => {
    const uninterrupted = await openMedusaDatabase();
    await adopt(uninterrupted);
    const { kills, statements } = await killEverywhere((knex) =>
      migrateDatabase(knex, { adopt: true, log: silent }),
    );
    expect(kills).toBeGreaterThan(200);
    for (const part of ['table "sales_channel"', 'table "cart" add column "sales_channel_id"'])
      expect(statements).toContain(part);
    expect(statements).toContain("insert into migrations");
    expect(await readFacts(database.knex)).toEqual(await readFacts(uninterrupted.knex));
    expect(await readObjects(database.knex)).toEqual(await readObjects(uninterrupted.knex));
    for (const table of ["nettle_migrations", "migrations", "store", "currency"]) {
      const [{ count }] = (await database.knex(table).count()) as [{ count: string }];
      expect({ [table]: count }).toEqual({
        [table]: (await uninterrupted.knex(table).count())[0]!["count"],
      });
    }
  });

  it("an undo leaves the database as it was found", async () => {
    const before = [await readFacts(database.knex), await readObjects(database.knex)];
    await adopt(database);
    await database.knex("product").insert({ id: "prod_1", title: "Fell boots", handle: "boots" });
    // Its connections look like those of a server.
    await database.knex.destroy();
    const { kills, statements } = await killEverywhere((knex) =>
      removeNettle(knex, { log: silent }),
    );
    database.knex.initialize();
    expect(kills).toBeGreaterThan(80);
    expect(statements).toContain('drop table "sales_channel"');
    expect(statements).toContain('table "cart" drop column "sales_channel_id"');
    expect([await readFacts(database.knex), await readObjects(database.knex)]).toEqual(before);
    expect(await database.knex("product").pluck("id")).toEqual(["prod_1"]);
    expect(await adopt(database)).toBe("adopted");
  });

  it("an undo that keeps what flags have added keeps it, if it is said only once", async () => {
    await adopt(database);
    const migrations = await database.knex("migrations").pluck("name");
    const { tables } = await readFacts(database.knex);
    await database.knex.destroy();
    const { kills } = await killEverywhere(async (knex) => {
      const keepFlags = (await readAddedFlags(knex)).length > 0;
      await removeNettle(knex, { log: silent, keepFlags });
    });
    database.knex.initialize();
    expect(kills).toBeGreaterThan(60);
    const after = await readFacts(database.knex);
    for (const name of ["sales_channel", "product_sales_channel", "cart", "store", "region"])
      expect({ [name]: after.tables[name] }).toEqual({ [name]: tables[name] });
    expect(await database.knex("migrations").pluck("name")).toEqual(migrations);
    expect((await readObjects(database.knex)).join()).not.toContain("nettle");
  });
});
