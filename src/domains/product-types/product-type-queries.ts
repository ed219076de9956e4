import type { Knex } from "knex";
import { dateConditions } from "../../database/date-conditions.ts";
import { type Page, pageOf } from "../../database/page.ts";
import { textConditions } from "../../database/range-conditions.ts";
import { all, sql } from "../../database/sql.ts";
import { productType } from "../../graph/entities/catalogue-entities.ts";
import { orderBy } from "../../graph/order-by.ts";
import type { ProductTypesQuery } from "./product-type-schemas.ts";

/**
 * The ids of a page of product types, and how many there are in all.
 * @throws InvalidData an order by what is no column.
 */
export function findProductTypeIds(
  connection: Knex,
  filter: ProductTypesQuery,
  page: Page,
): Promise<{ ids: string[]; count: number }> {
  const { q, discount_condition_id: condition } = filter;
  const where = all([
    sql`t.deleted_at is null`,
    ...textConditions(sql`t.id`, filter.id),
    ...(q ? [sql`t.value ilike ${`%${q}%`}`] : textConditions(sql`t.value`, filter.value)),
    ...dateConditions(sql`t.created_at`, filter.created_at),
    ...dateConditions(sql`t.updated_at`, filter.updated_at),
    ...(condition === undefined
      ? []
      : [
          sql`exists (select 1 from discount_condition_product_type j where j.product_type_id = t.id and j.condition_id = ${condition})`,
        ]),
  ]);
  return pageOf(
    connection,
    sql`product_type t where ${where}`,
    orderBy(productType, filter.order),
    page,
  );
}
