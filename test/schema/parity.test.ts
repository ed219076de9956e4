import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { medusaColumns } from "../../src/medusa-adoption/medusa-columns.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { readFacts, type SchemaFacts } from "./read-facts.ts";

const medusa: SchemaFacts = JSON.parse(
  readFileSync(join(projectRoot(), "test/schema/medusa-1.20.11.json"), "utf8"),
);

/** The tables of Medusa's admin and of modules that the Store API does not use. */
const unneededTables = [
  "analytics_config",
  "batch_job",
  "invite",
  "migrations",
  "note",
  "notification",
  "notification_provider",
  "oauth",
  "product_variant_inventory_item",
  "sales_channel_location",
  "user",
];

describe("the schema that our migrations build", () => {
  let database: TestDatabase;
  let built: SchemaFacts;

  beforeAll(async () => {
    database = await openDatabase("empty");
    await migrateDatabase(database.knex, { adopt: false, log: () => undefined });
    built = withoutOurs(await readFacts(database.knex));
  });
  afterAll(() => database.drop());

  it("has exactly Medusa's tables, columns, constraints and indexes", () => {
    expect(Object.keys(built.tables)).toEqual(Object.keys(medusa.tables));
    for (const [name, table] of Object.entries(medusa.tables))
      expect({ [name]: built.tables[name] }).toEqual({ [name]: table });
  });

  it("has Medusa's enums and sequences", () => {
    expect(built.enums).toEqual(medusa.enums);
    expect(built.sequences).toEqual(medusa.sequences);
  });

  it("lists all of Medusa's migrations as executed", async () => {
    const names: string[] = await database.knex("migrations").orderBy("id").pluck("name");
    expect(names).toHaveLength(76);
    expect(new Set(names).size).toBe(76);
    expect(names.at(-1)).toBe("AlterCustomerUniqueConstraint1709888477798");
  });

  it("has the base rows, once", async () => {
    const before = await countBaseRows(database);
    expect(before).toEqual({
      country: 250,
      currency: 120,
      fulfillment_provider: 1,
      payment_provider: 1,
      sales_channel: 1,
      shipping_profile: 2,
      store: 1,
      store_currencies: 1,
    });
    await database
      .knex("nettle_migrations")
      .whereIn("name", ["0170-currencies", "0180-countries", "0190-store"])
      .del();
    expect(
      await migrateDatabase(database.knex, { adopt: false, log: () => undefined }),
    ).toMatchObject({ result: "moved" });
    expect(await countBaseRows(database)).toEqual(before);
  });

  it("is required for an adoption, except for unneeded tables", () => {
    const needed = Object.entries(medusa.tables).filter(([name]) => !unneededTables.includes(name));
    const columns = needed.map(([name, table]) => [
      name,
      table.columns.map((column) => column.split(" ")[0]).join(" "),
    ]);
    expect(medusaColumns).toEqual(Object.fromEntries(columns));
  });
});

/** Removes our objects, which have the prefix `nettle_`, also from Medusa's tables. */
function withoutOurs(facts: SchemaFacts): SchemaFacts {
  const isMedusas = ([name]: [string, unknown]) => !name.startsWith("nettle_");
  const tables = Object.entries(facts.tables).filter(isMedusas);
  return {
    tables: Object.fromEntries(
      tables.map(([name, table]) => [
        name,
        { ...table, indexes: Object.fromEntries(Object.entries(table.indexes).filter(isMedusas)) },
      ]),
    ),
    enums: Object.fromEntries(Object.entries(facts.enums).filter(isMedusas)),
    sequences: Object.fromEntries(Object.entries(facts.sequences).filter(isMedusas)),
  };
}

async function countBaseRows({ knex }: TestDatabase): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [
    "country",
    "currency",
    "fulfillment_provider",
    "payment_provider",
    "sales_channel",
    "shipping_profile",
    "store",
    "store_currencies",
  ]) {
    const [row] = await knex(table).count<{ count: string }[]>();
    counts[table] = Number(row?.count);
  }
  return counts;
}
