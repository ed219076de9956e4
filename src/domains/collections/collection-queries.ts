import { dateConditions } from "../../database/date-conditions.ts";
import type { Page, RowsOfPage } from "../../database/page.ts";
import { all, sql } from "../../database/sql.ts";
import { productCollection } from "../../graph/entities/catalogue-entities.ts";
import { orderBy } from "../../graph/order-by.ts";
import type { CollectionsQuery } from "./collection-schemas.ts";

/** Returns which collections are on a page, newest first. */
export function collectionsOnPage(filter: CollectionsQuery, page: Page): RowsOfPage {
  const where = all([
    sql`t.deleted_at is null`,
    ...(filter.handle ? [sql`t.handle = any(${filter.handle})`] : []),
    ...dateConditions(sql`t.created_at`, filter.created_at),
    ...dateConditions(sql`t.updated_at`, filter.updated_at),
  ]);
  const order = orderBy(productCollection, undefined);
  return { from: sql`product_collection t where ${where}`, order, page };
}
