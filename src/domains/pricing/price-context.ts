import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { query, sql } from "../../database/sql.ts";

/** What decides which prices a catalogue read shows. Rates are in percent. */
export interface CataloguePriceContext {
  readonly regionId: string | undefined;
  readonly currencyCode: string | undefined;
  /** Whether taxes are calculated and shown. */
  readonly automaticTaxes: boolean;
  /** The region's default tax rate, in percent. */
  readonly regionRate: number;
  readonly groupIds: ReadonlySet<string>;
  readonly now: Date;
}

/** The parameters of a request that name its prices. */
export interface PriceContextQuery {
  readonly cart_id?: string | undefined;
  readonly region_id?: string | undefined;
  readonly currency_code?: string | undefined;
}

interface RegionRow {
  readonly id: string;
  readonly currency_code: string;
  readonly automatic_taxes: boolean;
  readonly tax_rate: number;
}

/** The cart and the region that a request names, and its customer's groups. */
export interface PriceContextRow {
  readonly cart: { readonly region_id: string | null } | null;
  readonly region: RegionRow | null;
  readonly groups: string[];
}

/**
 * Returns the price context of a request. A cart overrides a region, and a region overrides a
 * currency. Without `priced` only the cart is checked: an unknown region is not an error if no
 * prices are shown.
 * @throws NotFoundError if the cart or the region does not exist
 */
export function priceContextOf(
  row: PriceContextRow,
  requested: PriceContextQuery,
  ctx: RequestContext,
  priced: boolean,
): CataloguePriceContext {
  if (requested.cart_id && !row.cart)
    throw new NotFoundError(`Cart with ${requested.cart_id} was not found`);
  const regionId = requested.cart_id ? row.cart?.region_id : requested.region_id;
  if (priced && regionId && !row.region)
    throw new NotFoundError(`Region with ${regionId} was not found`);
  return {
    regionId: row.region?.id,
    currencyCode: row.region?.currency_code ?? requested.currency_code,
    automaticTaxes: row.region?.automatic_taxes ?? false,
    regionRate: row.region?.tax_rate ?? 0,
    groupIds: new Set(ctx.groupIds ?? row.groups),
    now: ctx.now,
  };
}

/**
 * Returns the values by which `pricesInContext` finds the prices of a request; undefined where it
 * names a cart, or nothing.
 */
export function contextValues({
  cart_id,
  region_id,
  currency_code,
}: PriceContextQuery): readonly [regionId: string | null, currencyCode: string | null] | undefined {
  if (cart_id || (!region_id && !currency_code)) return;
  return [region_id || null, currency_code || null];
}

/** Finds by one statement, or none, what decides the price context of a request. */
export async function findPriceContext(
  connection: Knex,
  requested: PriceContextQuery,
  { customerId }: RequestContext,
): Promise<PriceContextRow> {
  if (!requested.cart_id && !requested.region_id && !customerId)
    return { cart: null, region: null, groups: [] };
  const region = requested.cart_id
    ? sql`(select c.region_id from cart c
        where c.id = ${requested.cart_id} and c.deleted_at is null)`
    : sql`${requested.region_id ?? ""}`;
  const [row] = await query<PriceContextRow>(
    connection,
    sql`select
      (select json_build_object('region_id', c.region_id) from cart c
        where c.id = ${requested.cart_id ?? ""} and c.deleted_at is null) as cart,
      (select json_build_object('id', r.id, 'currency_code', r.currency_code,
          'automatic_taxes', r.automatic_taxes, 'tax_rate', r.tax_rate)
        from region r where r.id = ${region} and r.deleted_at is null) as region,
      array(select j.customer_group_id
        from customer_group_customers j join customer_group g on g.id = j.customer_group_id
        where j.customer_id = ${customerId ?? ""} and g.deleted_at is null) as groups`,
  );
  return row ?? { cart: null, region: null, groups: [] };
}
