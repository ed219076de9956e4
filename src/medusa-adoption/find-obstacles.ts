import type { Knex } from "knex";
import {
  type FeatureFlag,
  featureFlags,
  findFlagsOff,
  optionalMigrations,
} from "./feature-flags.ts";
import { insertedTables } from "./inserted-tables.ts";
import { medusaColumns } from "./medusa-columns.ts";
import { medusaMigrations } from "./medusa-migrations.ts";
import { readMedusaMigrations } from "./recognise-database.ts";

const MAX_LISTED = 4;

/** The migrations that only Medusa's flag `medusa_v2` runs, which moves tables to other modules. */
const nextVersionMigrations: readonly string[] = [
  "LineItemProductId1692870898424",
  "AddTimestempsToProductShippingProfiles1692870898425",
  "dropFksIsolatedProducts1694602553610",
  "ProductSalesChannelsLink1698056997411",
  "DropNonNullConstraintPriceList1699371074198",
  "OrderSalesChannelLink1701860329931",
];

/** What an adoption of a database that Medusa built would meet. */
export interface AdoptionOutlook {
  /** Sentences that say what forbids the adoption and what to do. */
  readonly obstacles: readonly string[];
  /** The feature flags whose tables and columns the adoption adds. */
  readonly flagsToAdd: readonly FeatureFlag[];
}

/**
 * Reads whether a database that Medusa built can be adopted. It may have more tables and columns,
 * such as those of plugins. `started` has the flags that an interrupted adoption was adding.
 */
export async function findObstacles(
  knex: Knex,
  started: readonly string[] = [],
): Promise<AdoptionOutlook> {
  const ran = await readMedusaMigrations(knex);
  const found = await readColumns(knex);
  const off = findFlagsOff(found, ran);
  const flagsToAdd = featureFlags.filter(
    (flag) => off.includes(flag) || started.includes(flag.name),
  );
  const missing = findMissing(found).filter((name) => !isAdded(flagsToAdd, name));
  const obstacles = [
    ...foreignModel(ran),
    ...olderVersion(ran),
    ...incompleteSchema(missing),
    ...(await stockElsewhere(knex)),
    ...(await requiredColumns(knex)),
  ];
  return { obstacles, flagsToAdd };
}

/** Returns what `found` (columns by table) lacks of Medusa 1.20.11: `table x` or `column x.y`. */
export function findMissing(found: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return Object.entries(medusaColumns).flatMap(([table, columns]) => {
    const present = found.get(table);
    if (!present) return [`table ${table}`];
    return columns
      .split(" ")
      .filter((column) => !present.has(column))
      .map((column) => `column ${table}.${column}`);
  });
}

const isAdded = (flags: readonly FeatureFlag[], missing: string): boolean =>
  flags.some(({ parts }) =>
    parts.some(({ kind, table, name }) =>
      kind === "table" ? missing === `table ${name}` : missing === `column ${table}.${name}`,
    ),
  );

function foreignModel(ran: readonly string[]): string[] {
  const names = ran.filter((name) => nextVersionMigrations.includes(name));
  if (names.length === 0) return [];
  return [
    "This shop has run migrations of Medusa's flag medusa_v2 " +
      `(${listed(names)}), which move products, prices and stock to modules that Nettle does ` +
      "not read. It cannot be adopted: go on with Medusa, or restore an earlier backup.",
  ];
}

function olderVersion(ran: readonly string[]): string[] {
  const lacking = medusaMigrations.filter(
    (name) => !ran.includes(name) && !optionalMigrations.includes(name),
  );
  if (lacking.length === 0) return [];
  return [
    `This database is older than Medusa 1.20.11: its last migration is ${ran.at(-1)}, and it ` +
      `lacks ${listed(lacking)}. Update the shop to Medusa 1.20.11 and run its migrations first ` +
      "(npx medusa migrations run), then try again.",
  ];
}

function incompleteSchema(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  return [
    `This database is not at the schema of Medusa 1.20.11: it lacks ${listed(missing)}. ` +
      "Run Medusa 1.20.11's own migrations first (npx medusa migrations run), then try again.",
  ];
}

/** Returns a sentence if Medusa's inventory module keeps the stock, in tables of its own. */
async function stockElsewhere(knex: Knex): Promise<string[]> {
  const [table] = await texts(
    knex,
    "select to_regclass('product_variant_inventory_item')::text as text",
  );
  if (!table) return [];
  const variants = await texts(
    knex,
    `select variant_id as text from ${table} where deleted_at is null limit 1`,
  );
  if (variants.length === 0) return [];
  return [
    "Medusa's inventory module keeps the stock of this shop (product_variant_inventory_item has " +
      "rows), and Nettle sells from the variant's own stock. It cannot be adopted: write the " +
      "stock to product_variant.inventory_quantity, remove the module and empty that table first.",
  ];
}

/** The tables into which an adoption inserts if Medusa never started, and the one that tells. */
const filledTables: Readonly<Record<string, string>> = {
  ...{ country: "country", currency: "currency", shipping_profile: "shipping_profile" },
  ...{ sales_channel: "store", store: "store" },
};

/** Whether an adoption or a server inserts into a table. Reads rows only if it has to. */
async function isInserted(knex: Knex, table: string): Promise<boolean> {
  const telling = filledTables[table];
  if (!telling) return true;
  const { rows } = await knex.raw<{ rows: unknown[] }>("select from ?? limit 1", [telling]);
  return rows.length === 0;
}

/**
 * Returns a sentence for additional columns that every new row would have to fill. A column, or its
 * domain, may have a default, also a generated one.
 */
async function requiredColumns(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { table: string; column: string }[] }>(
    `select relname as table, attname as column
     from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
     join pg_type on pg_type.oid = atttypid
     where relnamespace = current_schema()::regnamespace and relname = any(?)
       and (attnotnull or typnotnull) and not atthasdef and typdefault is null
       and attidentity = ''
     order by relname, attnum`,
    [[...insertedTables, ...Object.keys(filledTables)]],
  );
  const foreign: typeof rows = [];
  for (const row of rows)
    if (!medusaColumns[row.table]?.split(" ").includes(row.column))
      if (await isInserted(knex, row.table)) foreign.push(row);
  if (foreign.length === 0) return [];
  return [
    `Columns that are not Medusa's must be filled in every new row: ` +
      `${listed(foreign.map(({ table, column }) => `${table}.${column}`))}. Nettle does not know ` +
      "them: give each a default, or let it be null, then try again.",
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : "";
  return `${names.slice(0, MAX_LISTED).join(", ")}${more}`;
}

async function texts(knex: Knex, statement: string): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { text: string | null }[] }>(statement);
  return rows.flatMap(({ text }) => text ?? []);
}

async function readColumns(knex: Knex): Promise<Map<string, Set<string>>> {
  const { rows } = await knex.raw<{ rows: { table: string; columns: string[] }[] }>(`
    select relname as table, array_agg(attname::text) as columns
    from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v')
    group by relname`);
  return new Map(rows.map((row) => [row.table, new Set(row.columns)]));
}
