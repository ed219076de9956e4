import type { Knex } from "knex";
import { dateConditions } from "../../database/date-conditions.ts";
import { type Page, pageOf } from "../../database/page.ts";
import { all, sql } from "../../database/sql.ts";
import { productCollection } from "../../graph/entities/catalogue-entities.ts";
import { orderBy } from "../../graph/order-by.ts";
import type { CollectionsQuery } from "./collection-schemas.ts";

/** Returns the ids of a page of collections, newest first, and the number of all that match. */
export function findCollectionIds(
  connection: Knex,
  filter: CollectionsQuery,
  page: Page,
): Promise<{ ids: string[]; count: number }> {
  const where = all([
    sql`t.deleted_at is null`,
    ...(filter.handle ? [sql`t.handle = any(${filter.handle})`] : []),
    ...dateConditions(sql`t.created_at`, filter.created_at),
    ...dateConditions(sql`t.updated_at`, filter.updated_at),
  ]);
  return pageOf(
    connection,
    sql`product_collection t where ${where}`,
    orderBy(productCollection, undefined),
    page,
  );
}
