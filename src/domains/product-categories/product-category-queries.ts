import type { Knex } from "knex";
import type { Page, RowsOfPage } from "../../database/page.ts";
import { all, query, raw, type Sql, sql } from "../../database/sql.ts";
import { productCategory } from "../../graph/entities/catalogue-entities.ts";
import type { ProductCategoriesQuery } from "./product-category-schemas.ts";
import type { CategoryRow } from "./product-category-view.ts";

/** Returns which active, public categories are on a page, by rank and handle. */
export function categoriesOnPage(filter: ProductCategoriesQuery, page: Page): RowsOfPage {
  const where = all([
    sql`t.is_active`,
    sql`not t.is_internal`,
    ...byText(filter),
    ...byParent(filter.parent_category_id),
  ]);
  return {
    from: sql`product_category t where ${where}`,
    order: raw("t.rank, t.handle, t.id"),
    page,
  };
}

function byText({ q, handle }: ProductCategoriesQuery): Sql[] {
  if (q) return [sql`(t.name ilike ${`%${q}%`} or t.handle ilike ${`%${q}%`})`];
  return handle === undefined ? [] : [sql`t.handle = ${handle}`];
}

function byParent(id: string | undefined): Sql[] {
  if (id === undefined) return [];
  return [id === "null" ? sql`t.parent_category_id is null` : sql`t.parent_category_id = ${id}`];
}

const columns = raw(
  Object.keys(productCategory.columns)
    .map((column) => `c."${column}"`)
    .join(", "),
);

/**
 * Returns all descendants of the given categories, each once, by rank and handle. Inactive and
 * internal categories are left out with everything below them.
 */
export function findDescendants(connection: Knex, ids: readonly string[]): Promise<CategoryRow[]> {
  return query<CategoryRow>(
    connection,
    sql`with recursive below as (
      select c.id from product_category c
        where c.parent_category_id = any(${ids}) and c.is_active and not c.is_internal
      union select c.id from below join product_category c on c.parent_category_id = below.id
        where c.is_active and not c.is_internal
    )
    select ${columns} from below join product_category c on c.id = below.id
    order by c.rank, c.handle, c.id`,
  );
}
