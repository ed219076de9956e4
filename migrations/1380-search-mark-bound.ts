import type { Knex } from "knex";
import { createMarkFunction } from "./product-search/search-marks.ts";

/**
 * Bounds the marks of changed products, which nobody takes while Nettle is stopped, and creates the
 * list of extensions that Nettle has added to the database.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("create table if not exists nettle_extension (name text primary key)");
  await createMarkFunction(knex);
}
