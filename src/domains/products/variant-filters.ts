import { InvalidDataError } from "../../core/errors.ts";
import { all, type Sql, sql } from "../../database/sql.ts";
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
 * A price applies in the context if it is of the currency or region, for a single unit, and of no
 * list or of one that is open to the customer.
 */
function priceApplies(
  alias: "m" | "n",
  { regionId, currencyCode, groupIds, now }: CataloguePriceContext,
): Sql {
  const p = alias === "m" ? sql`m` : sql`n`;
  const timestamp = now.toISOString();
  const inPlace = regionId
    ? sql`(${p}.currency_code = ${currencyCode} or ${p}.region_id = ${regionId})`
    : sql`${p}.currency_code = ${currencyCode}`;
  return sql`${p}.deleted_at is null and coalesce(${p}.min_quantity, 0) = 0 and ${inPlace}
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
