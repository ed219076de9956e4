import { InvalidDataError } from "../../core/errors.ts";
import type { Page, Shortcut } from "../../database/page.ts";
import { all, raw, type Sql, sql } from "../../database/sql.ts";
import type { CataloguePriceContext } from "../pricing/price-context.ts";
import type { ProductsQuery } from "./product-schemas.ts";

/**
 * Returns the condition that one and the same variant of a product `t` meets every variant filter;
 * none without filters.
 * @throws InvalidDataError if a price filter lacks a region or a currency
 */
export function variantFilters(
  { price, option_value, in_stock }: ProductsQuery,
  context: CataloguePriceContext,
): Sql[] {
  const conditions: Sql[] = [];
  if (in_stock !== undefined) conditions.push(in_stock ? buyable : sql`not ${buyable}`);
  if (option_value) conditions.push(hasOption(option_value));
  if (price && Object.values(price).some((bound) => bound !== undefined))
    conditions.push(pricedWithin(price, requireCurrency(context)));
  if (conditions.length === 0) return [];
  return [
    sql`t.id in (select v.product_id from product_variant v
      where v.deleted_at is null and ${all(conditions)})`,
  ];
}

/**
 * Returns the SQL expression for the lowest calculated price of a product `t` in the context, in
 * the currency's smallest unit, to sort by.
 * @throws InvalidDataError without a region or a currency
 */
export function lowestPrice(context: CataloguePriceContext): Sql {
  requireCurrency(context);
  return sql`(select min(m.amount) from product_variant v
    join product_variant_money_amount j on j.variant_id = v.id
    join money_amount m on m.id = j.money_amount_id
    where v.product_id = t.id and v.deleted_at is null and ${priceApplies("m", context)})`;
}

/** How many prices a page's product has on average until the walk along prices gives up. */
const PRICES_A_PRODUCT = 8;
/** The walk ends here, also within prices that are alike: sorting all products is then as fast. */
const MAX_PRICES = 4000;

/**
 * Returns a way to the first products by ascending `lowestPrice`: a walk along the index of prices,
 * from the lowest on. `where` is the condition of products `t`. None for pages far from the start.
 * The index has prices by currency, so it does not hold where the region has others.
 */
export function walkAlongPrices(
  where: Sql,
  { limit, offset }: Page,
  context: CataloguePriceContext,
): Shortcut | undefined {
  const prices = (Number(limit) + Number(offset)) * PRICES_A_PRODUCT;
  if (prices >= MAX_PRICES) return;
  const { regionId = "", currencyCode } = requireCurrency(context);
  const otherCurrency = (operator: "<" | ">") => sql`exists (select 1 from money_amount o
    where o.deleted_at is null and o.region_id = ${regionId}
      and o.currency_code ${raw(operator)} ${currencyCode})`;
  return {
    first: sql`select walk.id, min(walk.amount) as place, count(*) as prices
      from (select * from (select t.id, m.amount from money_amount m
      join product_variant_money_amount j on j.money_amount_id = m.id
      join product_variant v on v.id = j.variant_id and v.deleted_at is null
      join product t on t.id = v.product_id
      where m.currency_code = ${currencyCode} and ${priceApplies("m", context)} and ${where}
      order by m.amount limit ${raw(String(MAX_PRICES))}) priced
      order by amount fetch first ${raw(String(prices))} rows with ties) walk group by walk.id`,
    holds: sql`not ${otherCurrency("<")} and not ${otherCurrency(">")}
      and (select sum(prices) from first) < ${raw(String(MAX_PRICES))}`,
  };
}

const buyable = sql`(not v.manage_inventory or v.allow_backorder or v.inventory_quantity > 0)`;

function hasOption(values: readonly string[]): Sql {
  const lower = values.map((value) => value.toLowerCase());
  return sql`v.id = any(array(select o.variant_id from product_option_value o
    where o.deleted_at is null and lower(o.value) = any(${lower})))`;
}

/**
 * The variant's lowest applicable price is in the range: such a price exists, and no lower one
 * applies.
 */
function pricedWithin(
  range: NonNullable<ProductsQuery["price"]>,
  context: CataloguePriceContext,
): Sql {
  const bounds: Sql[] = [];
  if (range.gte !== undefined) bounds.push(sql`m.amount >= ${range.gte}`);
  if (range.gt !== undefined) bounds.push(sql`m.amount > ${range.gt}`);
  if (range.lte !== undefined) bounds.push(sql`m.amount <= ${range.lte}`);
  if (range.lt !== undefined) bounds.push(sql`m.amount < ${range.lt}`);
  return sql`v.id in (select j.variant_id
    from money_amount m join product_variant_money_amount j on j.money_amount_id = m.id
    where ${priceApplies("m", context)} and ${all(bounds)} and not exists (
      select 1 from product_variant_money_amount k join money_amount n on n.id = k.money_amount_id
      where k.variant_id = j.variant_id and n.amount < m.amount
        and ${priceApplies("n", context)}))`;
}

/**
 * A price applies in the context if it is open, and of the region, or of its currency and not
 * replaced by one of the region (`choosePrice`). Where only a currency is known, all prices in it
 * apply.
 */
function priceApplies(alias: "m" | "n", context: CataloguePriceContext): Sql {
  const { regionId, currencyCode } = context;
  const p = raw(alias);
  const inPlace = regionId
    ? sql`(${p}.region_id = ${regionId} or (${p}.region_id is null
        and ${p}.currency_code = ${currencyCode} and not ${isReplaced(alias, regionId)}))`
    : sql`${p}.currency_code = ${currencyCode}`;
  return sql`${inPlace} and ${priceIsOpen(alias, context)}`;
}

/**
 * The region has a price of its own for any quantity, of the same list or by default, too. Most
 * regions have no prices of their own, which is found out once for all products.
 */
function isReplaced(alias: "m" | "n", regionId: string): Sql {
  const p = raw(alias);
  return sql`(exists (select 1 from money_amount any_own
      where any_own.region_id = ${regionId} and any_own.deleted_at is null)
    and exists (select 1 from product_variant_money_amount a
    join product_variant_money_amount b on b.variant_id = a.variant_id
    join money_amount o on o.id = b.money_amount_id
    where a.money_amount_id = ${p}.id and o.region_id = ${regionId} and o.deleted_at is null
      and o.price_list_id is not distinct from ${p}.price_list_id
      and coalesce(o.min_quantity, 0) = 0 and coalesce(o.max_quantity, 0) = 0))`;
}

/** A price is open if it is for a single unit, and of no list or of one open to the customer. */
function priceIsOpen(alias: "m" | "n", { groupIds, now }: CataloguePriceContext): Sql {
  const p = raw(alias);
  const timestamp = now.toISOString();
  // PostgreSQL expects of a `coalesce(…) = 0` that one row in two hundred meets it.
  return sql`${p}.deleted_at is null and (${p}.min_quantity is null or ${p}.min_quantity = 0)
    and (${p}.price_list_id is null or exists (select 1 from price_list l
      where l.id = ${p}.price_list_id and l.deleted_at is null and l.status = 'active'
        and (l.starts_at is null or l.starts_at < ${timestamp}::timestamptz)
        and (l.ends_at is null or l.ends_at > ${timestamp}::timestamptz)
        and (not exists (select 1 from price_list_customer_groups g where g.price_list_id = l.id)
          or exists (select 1 from price_list_customer_groups g
            where g.price_list_id = l.id and g.customer_group_id = any(${[...groupIds]})))))`;
}

function requireCurrency(context: CataloguePriceContext): CataloguePriceContext {
  if (!context.regionId && !context.currencyCode)
    throw new InvalidDataError("price needs a cart_id, region_id or currency_code");
  return context;
}
