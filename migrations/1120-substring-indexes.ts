import type { Knex } from "knex";
import { buildConcurrently, isUsable } from "./build-concurrently.ts";
import { substringIndexes } from "./own-indexes.ts";

/**
 * Builds the missing indexes concurrently, on the running shop, without a time limit. Without
 * pg_trgm there are none, and the product list is slower with `q`.
 */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { available: boolean }[] }>(
    "select exists (select from pg_opclass where opcname = 'gin_trgm_ops') as available",
  );
  if (!rows[0]?.available) return;
  const missing: (typeof substringIndexes)[number][] = [];
  for (const one of substringIndexes) if (!(await isUsable(knex, one.medusa))) missing.push(one);
  await buildConcurrently(knex, missing);
}
