import type { Knex } from "knex";
import { InvalidDataError } from "../../core/errors.ts";
import { dateConditions } from "../../database/date-conditions.ts";
import type { Page, RowsOfPage } from "../../database/page.ts";
import { all, query, raw, type Sql, sql } from "../../database/sql.ts";
import { type CustomerOrdersQuery, type LookUpQuery, MAX_INTEGER } from "./order-schemas.ts";

/**
 * Returns the id of the only order that matches a number, an e-mail address and, if given, a postal
 * code exactly.
 * @throws InvalidDataError if no order can have the number; Medusa checks this last
 */
export async function findOrderIdByLookUp(
  connection: Knex,
  lookUp: LookUpQuery,
): Promise<string | undefined> {
  if (Math.abs(lookUp.display_id) > MAX_INTEGER)
    throw new InvalidDataError(`display_id must not be greater than ${MAX_INTEGER}`);
  const postalCode = lookUp.shipping_address?.postal_code;
  const postalCodeMatches =
    postalCode === undefined
      ? sql`true`
      : sql`exists (select 1 from address a
          where a.id = t.shipping_address_id and a.postal_code = ${postalCode})`;
  const rows = await query<{ id: string }>(
    connection,
    sql`select t.id from "order" t
      where t.display_id = ${lookUp.display_id} and t.email = ${lookUp.email}
        and ${postalCodeMatches} limit 2`,
  );
  return rows.length === 1 ? rows[0]?.id : undefined;
}

/** Returns the id of the order that a cart became. */
export async function findOrderIdOfCart(
  connection: Knex,
  cartId: string,
): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    connection,
    sql`select t.id from "order" t where t.cart_id = ${cartId}`,
  );
  return row?.id;
}

/** Returns which of a customer's orders are on a page, newest first. */
export function customerOrdersOnPage(
  customerId: string,
  filter: CustomerOrdersQuery,
  page: Page,
): RowsOfPage {
  const where = all([sql`t.customer_id = ${customerId}`, ...conditions(filter), ...byText(filter)]);
  return { from: sql`"order" t where ${where}`, order: raw("t.created_at desc, t.id desc"), page };
}

function conditions(filter: CustomerOrdersQuery): Sql[] {
  const filters: Sql[] = [];
  if (filter.id !== undefined) filters.push(sql`t.id = ${filter.id}`);
  if (filter.status) filters.push(sql`t.status::text = any(${filter.status})`);
  if (filter.fulfillment_status)
    filters.push(sql`t.fulfillment_status::text = any(${filter.fulfillment_status})`);
  if (filter.payment_status)
    filters.push(sql`t.payment_status::text = any(${filter.payment_status})`);
  if (filter.cart_id !== undefined) filters.push(sql`t.cart_id = ${filter.cart_id}`);
  if (filter.region_id !== undefined) filters.push(sql`t.region_id = ${filter.region_id}`);
  if (filter.currency_code !== undefined)
    filters.push(sql`t.currency_code = ${filter.currency_code}`);
  if (filter.tax_rate !== undefined) filters.push(sql`t.tax_rate = ${filter.tax_rate}::real`);
  return [
    ...filters,
    ...dateConditions(sql`t.created_at`, filter.created_at),
    ...dateConditions(sql`t.updated_at`, filter.updated_at),
    ...dateConditions(sql`t.canceled_at`, filter.canceled_at),
  ];
}

/**
 * As in Medusa, `q` disables the exact filters on number and e-mail address, and excludes orders
 * without a shipping address.
 */
function byText({ q, display_id, email }: CustomerOrdersQuery): Sql[] {
  if (q) return [contains(`%${q}%`)];
  return [
    ...(display_id === undefined ? [] : [sql`t.display_id = ${display_id}`]),
    ...(email === undefined ? [] : [sql`t.email = ${email}`]),
  ];
}

function contains(pattern: string): Sql {
  return sql`exists (select 1 from customer c, address a
    where c.id = t.customer_id and c.deleted_at is null
      and a.id = t.shipping_address_id and a.deleted_at is null
      and (t.email ilike ${pattern} or t.display_id::text ilike ${pattern}
        or a.first_name ilike ${pattern} or c.first_name ilike ${pattern}
        or c.last_name ilike ${pattern} or c.phone ilike ${pattern}))`;
}
