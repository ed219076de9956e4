import type { Knex } from "knex";
import { ownIndexes } from "../../migrations/own-indexes.ts";
import { counted } from "../core/counted.ts";
import { changedTables, findLackingRights } from "../database/adoption-rights.ts";
import { workOf } from "../database/index-build-progress.ts";
import { megabytes } from "../database/watch-index-builds.ts";
import { featureFlags } from "../medusa-adoption/feature-flags.ts";
import { medusaColumns } from "../medusa-adoption/medusa-columns.ts";
import type { Finding } from "./finding.ts";
import { listed } from "./listed.ts";

/** Tables of Medusa 1.20.11 that only its admin and its modules use. */
const adminTables = [
  ...["analytics_config", "batch_job", "invite", "migrations", "note", "notification"],
  ...["notification_provider", "oauth", "product_variant_inventory_item"],
  ...["sales_channel_location", "user"],
];

/** How many names a line lists. */
const MAX_NAMES = 8;
/** How much of a table one build of an index of values reads in a second, on a small server. */
const BYTES_PER_SECOND = 20_000_000;
/** How many products are read into the search index in a second there. */
const PRODUCTS_PER_SECOND = 250;

/** Returns which tables and columns are not Medusa's, and other schemas. They stay as they are. */
export async function inspectForeignParts(knex: Knex): Promise<Finding[]> {
  const { rows } = await knex.raw<{ rows: { table: string; columns: string[] }[] }>(`
    select relname as table, array_agg(attname::text order by attnum) as columns
    from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
      and not starts_with(relname, 'nettle_')
    group by relname order by relname`);
  const tables = rows
    .filter(({ table }) => !medusaColumns[table] && !adminTables.includes(table))
    .map(({ table }) => table);
  const columns = rows.flatMap(({ table, columns: found }) => {
    const known = medusaColumns[table]?.split(" ");
    return known ? found.filter((one) => !known.includes(one)).map((one) => `${table}.${one}`) : [];
  });
  const schemas = await knex.raw<{ rows: { name: string }[] }>(`
    select nspname as name from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', current_schema())`);
  return [
    ...kept("tables that are not Medusa's", tables),
    ...kept("columns that are not Medusa's", columns),
    ...kept(
      "other schemas",
      schemas.rows.map(({ name }) => name),
    ),
  ];
}

function kept(subject: string, names: readonly string[]): Finding[] {
  if (names.length === 0) return [];
  return [{ level: "note", subject, message: `${listed(names, MAX_NAMES)} stay as they are` }];
}

/** Returns whether the database user may change the tables. */
export async function inspectRights(knex: Knex): Promise<Finding[]> {
  const lacking = await findLackingRights(knex, changedTables(featureFlags));
  if (lacking) return [{ level: "warning", subject: "rights", ...lacking }];
  const message = "the database user may change the tables";
  return [{ level: "note", subject: "rights", message }];
}

/** Returns how many minutes all indexes take at most, given the sizes of their tables in bytes. */
export function indexMinutes(sizeOf: (table: string) => number, products: number): number {
  const work = ownIndexes.reduce((sum, index) => sum + workOf(index, sizeOf(index.table)), 0);
  return Math.ceil((work / BYTES_PER_SECOND + products / PRODUCTS_PER_SECOND) / 60);
}

/** Returns how large the shop is, and about how long the indexes take. */
export async function inspectSizes(knex: Knex): Promise<Finding[]> {
  const { rows } = await knex.raw<{ rows: { table: string; bytes: number; rows: number }[] }>(
    `select relname as table, pg_table_size(oid)::float8 as bytes,
       greatest(reltuples, 0)::float8 as rows
     from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`,
  );
  const sizeOf = (table: string) => rows.find((row) => row.table === table)?.bytes ?? 0;
  const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const read = ownIndexes.reduce((sum, { table }) => sum + sizeOf(table), 0);
  const countOf = (table: string) => Math.round(rows.find((row) => row.table === table)?.rows ?? 0);
  const counts = ["product", "order", "cart"].map(
    (table) => `about ${counted(countOf(table), "row")} in ${table}`,
  );
  const minutes = indexMinutes(sizeOf, countOf("product"));
  return [
    {
      level: "note",
      subject: "sizes",
      message:
        `the tables have ${megabytes(total)}, ${counts.join(", ")}. ` +
        `${counted(ownIndexes.length, "index is", "indexes are")} built from ${megabytes(read)} ` +
        "and the search index from the products, which takes about " +
        `${counted(minutes, "minute")} at most on a small server, while the shop goes on`,
    },
  ];
}
