import type { Knex } from "knex";
import { dateConditions } from "../../database/date-conditions.ts";
import { type Page, pageOf } from "../../database/page.ts";
import { all, sql } from "../../database/sql.ts";
import { region } from "../../graph/entities/region-entities.ts";
import { orderBy } from "../../graph/order-by.ts";
import type { RegionsQuery } from "./region-schemas.ts";

/**
 * Returns the ids of a page of regions, and the number of all that match.
 * @throws InvalidDataError if `order` is not a column
 */
export function findRegionIds(
  connection: Knex,
  filter: RegionsQuery,
  page: Page,
): Promise<{ ids: string[]; count: number }> {
  const where = all([
    sql`t.deleted_at is null`,
    ...dateConditions(sql`t.created_at`, filter.created_at),
    ...dateConditions(sql`t.updated_at`, filter.updated_at),
  ]);
  return pageOf(connection, sql`region t where ${where}`, orderBy(region, filter.order), page);
}
