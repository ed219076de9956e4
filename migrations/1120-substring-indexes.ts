import type { Knex } from "knex";
import { buildConcurrently } from "./build-concurrently.ts";

/**
 * The columns that `q` of the product list searches, and the index that Medusa creates for each if
 * pg_trgm is available.
 */
const columns = [
  { table: "product", column: "title", medusa: "idx_gin_product_title" },
  { table: "product", column: "description", medusa: "idx_gin_product_description" },
  { table: "product_variant", column: "title", medusa: "idx_gin_product_variant_title" },
  { table: "product_variant", column: "sku", medusa: "idx_gin_product_variant_sku" },
  { table: "product_collection", column: "title", medusa: "idx_gin_product_collection" },
];

/**
 * Builds the missing indexes concurrently, on the running shop, without a time limit. Without
 * pg_trgm there are none, and the product list is slower with `q`.
 */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { available: boolean }[] }>(
    "select exists (select from pg_opclass where opcname = 'gin_trgm_ops') as available",
  );
  if (!rows[0]?.available) return;
  const missing: typeof columns = [];
  for (const one of columns) if (!(await isUsable(knex, one.medusa))) missing.push(one);
  await buildConcurrently(
    knex,
    missing.map(({ table, column }) => ({
      name: `nettle_trigrams_${table}_${column}`,
      on: `${table} using gin (${column} gin_trgm_ops) where deleted_at is null`,
    })),
  );
}

async function isUsable(knex: Knex, name: string): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { valid: boolean }[] }>(
    "select indisvalid as valid from pg_index where indexrelid = to_regclass(?)",
    [name],
  );
  return rows[0]?.valid ?? false;
}
