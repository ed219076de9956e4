import type { Knex } from "knex";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baselineMigrations, laterMigrations, type Migration } from "../../migrations/index.ts";
import { counted } from "../../src/core/counted.ts";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { removeNettle } from "../../src/database/remove-nettle.ts";
import { inspectDatabase } from "../../src/doctor/inspect-database.ts";
import { findPasswordForm } from "../../src/domains/auth/auth-queries.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildAsMedusa } from "./build-as-medusa.ts";
import { readFacts } from "./read-facts.ts";
import { readObjects } from "./read-objects.ts";

const silent = () => undefined;
let database: TestDatabase;
beforeEach(async () => {
  database = await openDatabase("empty");
});
afterEach(() => database.drop());

/** The first version that adopted had three migrations of its own, and noted nothing else. */
const versions = [3, 8, 21, laterMigrations.length - 1];

/** Adopts as a version of Nettle did that had so many migrations of its own. */
async function adoptEarlier(knex: Knex, count: number): Promise<void> {
  const migrator = {
    tableName: "nettle_migrations",
    migrationSource: {
      getMigrations: async () => [...baselineMigrations, ...laterMigrations],
      getMigrationName: ({ name }: Migration) => name,
      getMigration: async (migration: Migration) => ({ ...migration, down: async () => undefined }),
    },
  };
  await knex.migrate.list(migrator);
  const rows = baselineMigrations.map(({ name }) => ({
    ...{ name, batch: 1, migration_time: new Date() },
  }));
  await knex("nettle_migrations").insert(rows);
  for (const { name } of laterMigrations.slice(0, count))
    await knex.migrate.up({ ...migrator, name });
}

const snapshot = async (knex: Knex) => [await readFacts(knex), await readObjects(knex)] as const;

/** Closes the test's own connections first, which look like those of a server. */
async function undo(): Promise<void> {
  await database.knex.destroy();
  database.knex.initialize();
  const remover = database.connect(2);
  await removeNettle(remover, { log: silent });
  await remover.destroy();
}

describe.each(versions)("a shop adopted by a Nettle with %s migrations", (count) => {
  it("is examined, migrated and given back", async () => {
    await buildAsMedusa(database.knex);
    const found = await snapshot(database.knex);
    await adoptEarlier(database.knex, count);
    const [finding] = await inspectDatabase(database.knex);
    const pending = laterMigrations.length - count;
    const lacking = counted(pending, "migration has not run", "migrations have not run");
    expect(finding?.message).toContain(`${lacking} (${laterMigrations[count]!.name}`);

    const report = await migrateDatabase(database.knex, { adopt: false, log: silent });
    expect([report.result, report.ran.length]).toEqual(["moved", pending]);
    expect(await inspectDatabase(database.knex)).toEqual([]);
    expect(await findPasswordForm(database.knex)).toBe("scrypt");
    await undo();
    expect(await snapshot(database.knex)).toEqual(found);
  });

  it("is given back without being migrated first", async () => {
    await buildAsMedusa(database.knex);
    const found = await snapshot(database.knex);
    await adoptEarlier(database.knex, count);
    await undo();
    expect(await snapshot(database.knex)).toEqual(found);
  });
});

describe("a shop that an earlier Nettle has built", () => {
  it("is not taken for one that Medusa has built", async () => {
    await migrateDatabase(database.knex, { adopt: false, log: silent });
    await database.knex("nettle_migrations").where({ name: "1540-adoption" }).del();
    await database.knex.raw("drop table nettle_adoption");
    await migrateDatabase(database.knex, { adopt: false, log: silent });
    expect(await database.knex("nettle_adoption")).toEqual([]);
    expect(await findPasswordForm(database.knex)).toBe("bcrypt");
  });
});
