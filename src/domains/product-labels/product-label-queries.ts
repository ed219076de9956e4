import { dateConditions } from "../../database/date-conditions.ts";
import type { Page, RowsOfPage } from "../../database/page.ts";
import { textConditions } from "../../database/range-conditions.ts";
import { all, raw, type Sql, sql } from "../../database/sql.ts";
import type { Entity } from "../../graph/entity.ts";
import type { ProductLabelsQuery } from "./product-label-schemas.ts";

/** Returns which product tags or product types are on a page. */
export function labelsOnPage(
  { table }: Entity,
  filter: ProductLabelsQuery,
  order: Sql,
  page: Page,
): RowsOfPage {
  const { q, discount_condition_id: condition } = filter;
  const where = all([
    sql`t.deleted_at is null`,
    ...textConditions(sql`t.id`, filter.id),
    ...(q ? [sql`t.value ilike ${`%${q}%`}`] : textConditions(sql`t.value`, filter.value)),
    ...dateConditions(sql`t.created_at`, filter.created_at),
    ...dateConditions(sql`t.updated_at`, filter.updated_at),
    ...(condition === undefined ? [] : [inCondition(table, condition)]),
  ]);
  return { from: sql`${raw(table)} t where ${where}`, order, page };
}

function inCondition(table: string, id: string): Sql {
  return sql`exists (select 1 from ${raw(`discount_condition_${table}`)} j
    where ${raw(`j.${table}_id`)} = t.id and j.condition_id = ${id})`;
}
