import { dateConditions } from "../../database/date-conditions.ts";
import type { Page, RowsOfPage } from "../../database/page.ts";
import { all, sql } from "../../database/sql.ts";
import { region } from "../../graph/entities/region-entities.ts";
import { orderBy } from "../../graph/order-by.ts";
import type { RegionsQuery } from "./region-schemas.ts";

/**
 * Returns which regions are on a page.
 * @throws InvalidDataError if `order` is not a column
 */
export function regionsOnPage(filter: RegionsQuery, page: Page): RowsOfPage {
  const where = all([
    sql`t.deleted_at is null`,
    ...dateConditions(sql`t.created_at`, filter.created_at),
    ...dateConditions(sql`t.updated_at`, filter.updated_at),
  ]);
  return { from: sql`region t where ${where}`, order: orderBy(region, filter.order), page };
}
