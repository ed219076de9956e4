import type { Knex } from "knex";
import { dateConditions } from "../../database/date-conditions.ts";
import type { Page, RowsOfPage } from "../../database/page.ts";
import { all, query, type Sql, sql } from "../../database/sql.ts";
import { product } from "../../graph/entities/catalogue-entities.ts";
import { type OrderExpression, orderBy } from "../../graph/order-by.ts";
import type { CataloguePriceContext } from "../pricing/price-context.ts";
import type { Visibility } from "../sales-channels/channel-scope.ts";
import type { ProductsQuery } from "./product-schemas.ts";
import { lowestPrice, variantFilters, walkAlongPrices } from "./variant-filters.ts";

/**
 * Returns which published products are on a page. With `channels` undefined, they are of every
 * sales channel.
 * @throws InvalidDataError if `order` is not allowed, or a price filter or order lacks a region or
 * currency
 */
export function productsOnPage(
  filter: ProductsQuery,
  channels: readonly string[] | undefined,
  context: CataloguePriceContext,
  page: Page,
): RowsOfPage {
  const where = all([
    sql`t.deleted_at is null`,
    sql`t.status = 'published'`,
    ...conditions(filter),
    ...variantFilters(filter, context),
    ...inChannels(channels),
  ]);
  const order = orderBy(product, filter.order, {
    ...orderExpressions,
    price: () => lowestPrice(context),
  });
  const shortcut = filter.order === "price" ? walkAlongPrices(where, page, context) : undefined;
  return { from: sql`product t where ${where}`, order, page, shortcut };
}

/** Returns whether a product exists and is published, and its sales channels. */
export async function findProductVisibility(connection: Knex, id: string): Promise<Visibility> {
  const [row] = await query<Visibility>(
    connection,
    sql`select
      exists (select 1 from product t
        where t.id = ${id} and t.deleted_at is null and t.status = 'published') as published,
      array(select c.sales_channel_id from product_sales_channel c
        where c.product_id = ${id}) as channels`,
  );
  return row ?? { published: false, channels: [] };
}

function conditions(filter: ProductsQuery): Sql[] {
  const filters: Sql[] = [];
  if (filter.id) filters.push(sql`t.id = any(${filter.id})`);
  if (filter.collection_id) filters.push(sql`t.collection_id = any(${filter.collection_id})`);
  if (filter.type_id) filters.push(sql`t.type_id = any(${filter.type_id})`);
  if (filter.handle !== undefined) filters.push(sql`t.handle = ${filter.handle}`);
  if (filter.is_giftcard !== undefined) filters.push(sql`t.is_giftcard = ${filter.is_giftcard}`);
  if (filter.tags)
    filters.push(
      sql`exists (select 1 from product_tags j
        where j.product_id = t.id and j.product_tag_id = any(${filter.tags}))`,
    );
  if (filter.category_id)
    filters.push(inCategories(filter.category_id, filter.include_category_children ?? false));
  return [
    ...filters,
    ...byText(filter),
    ...dateConditions(sql`t.created_at`, filter.created_at),
    ...dateConditions(sql`t.updated_at`, filter.updated_at),
  ];
}

/**
 * As in Medusa, `q` disables the exact filters on title and description, and `%` and `_` are
 * wildcards in it.
 */
function byText({ q, title, description }: ProductsQuery): Sql[] {
  if (q) return [contains(`%${q}%`)];
  return [
    ...(title === undefined ? [] : [sql`t.title = ${title}`]),
    ...(description === undefined ? [] : [sql`t.description = ${description}`]),
  ];
}

/**
 * Collects ids by a union, each part of which can use a trigram index; conditions joined by "or"
 * would be evaluated for every product. Text of fewer than three letters has no trigram and occurs
 * in nearly every product, so evaluating the conditions is faster there.
 */
function contains(pattern: string): Sql {
  if (!/[\p{L}\p{N}]{3}/u.test(pattern)) return containsShort(pattern);
  return sql`t.id in (
    select p.id from product p where p.deleted_at is null and p.title ilike ${pattern}
    union select p.id from product p where p.deleted_at is null and p.description ilike ${pattern}
    union select v.product_id from product_variant v
      where v.deleted_at is null and v.title ilike ${pattern}
    union select v.product_id from product_variant v
      where v.deleted_at is null and v.sku ilike ${pattern}
    union select p.id from product_collection c join product p on p.collection_id = c.id
      where c.deleted_at is null and c.title ilike ${pattern})`;
}

function containsShort(pattern: string): Sql {
  return sql`(t.title ilike ${pattern} or t.description ilike ${pattern}
    or exists (select 1 from product_variant v
      where v.product_id = t.id and v.deleted_at is null
        and (v.title ilike ${pattern} or v.sku ilike ${pattern}))
    or exists (select 1 from product_collection c
      where c.id = t.collection_id and c.deleted_at is null and c.title ilike ${pattern}))`;
}

function inCategories(ids: readonly string[], withChildren: boolean): Sql {
  const isRequested = withChildren
    ? sql`exists (select 1 from product_category a
        where a.id = any(${ids}) and starts_with(c.mpath, a.mpath))`
    : sql`c.id = any(${ids})`;
  return sql`exists (select 1
    from product_category_product j join product_category c on c.id = j.product_category_id
    where j.product_id = t.id and c.is_active and not c.is_internal and ${isRequested})`;
}

function inChannels(channels: readonly string[] | undefined): Sql[] {
  if (!channels) return [];
  return [
    sql`exists (select 1 from product_sales_channel j
      where j.product_id = t.id and j.sales_channel_id = any(${channels}))`,
  ];
}

/**
 * The expressions that products can be sorted by beside their columns: the lowest value of their
 * variants if ascending, the highest if descending.
 */
const orderExpressions: Readonly<Record<string, OrderExpression>> = {
  "variants.title": (descending) =>
    sql`(select ${descending ? sql`max` : sql`min`}(v.title) from product_variant v
      where v.product_id = t.id and v.deleted_at is null)`,
  "variants.prices.amount": (descending) =>
    sql`(select ${descending ? sql`max` : sql`min`}(m.amount) from product_variant v
      join product_variant_money_amount j on j.variant_id = v.id
      join money_amount m on m.id = j.money_amount_id
      where v.product_id = t.id and v.deleted_at is null and m.deleted_at is null)`,
};
