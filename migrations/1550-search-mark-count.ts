import type { Knex } from "knex";
import { createMarkFunction } from "./product-search/search-marks.ts";

/**
 * Counts the marks of changed products only where there may be too many: an import of many products
 * counted them at each of its statements.
 */
export async function up(knex: Knex): Promise<void> {
  await createMarkFunction(knex);
}
