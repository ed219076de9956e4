import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { ReportedPayment } from "./attempts/release-leases.ts";

/**
 * Returns whether a reported payment of a cart or a payment collection is an order's or a swap's,
 * is one that a session is going to pay with, or is or was released.
 */
export async function isKnownPayment(
  connection: Knex,
  { resourceId, providerId, data = {} }: ReportedPayment,
): Promise<boolean> {
  const part = sql`${JSON.stringify(data)}::jsonb`;
  const [found] = await query<{ is_known: boolean }>(
    connection,
    sql`select exists (
        select 1 from payment p
        where (p.cart_id = ${resourceId} or p.id in (
            select payment_id from payment_collection_payments
            where payment_collection_id = ${resourceId}))
          and p.provider_id = ${providerId} and p.data @> ${part}
          and (p.canceled_at is null or p.order_id is not null)
      ) or exists (
        select 1 from payment_session s
        where (s.cart_id = ${resourceId} or s.id in (
            select payment_session_id from payment_collection_sessions
            where payment_collection_id = ${resourceId}))
          and s.provider_id = ${providerId} and s.is_initiated and s.data @> ${part}
          and s.status not in ('authorized', 'canceled')
      ) or exists (
        select 1 from nettle_payment_release r
        where r.resource_id = ${resourceId} and r.provider_id = ${providerId} and r.data @> ${part}
      ) or exists (
        select 1 from nettle_checkout k
        where k.cart_id = ${resourceId} and k.provider_id = ${providerId} and k.data @> ${part}
      ) as is_known`,
  );
  return found?.is_known === true;
}

/** Returns the currency of a cart or a payment collection; undefined where it does not exist. */
export async function findCurrencyOfResource(
  connection: Knex,
  resourceId: string,
): Promise<string | undefined> {
  const [found] = await query<{ currency_code: string }>(
    connection,
    sql`select r.currency_code from cart c join region r on r.id = c.region_id
      where c.id = ${resourceId}
      union all
      select currency_code from payment_collection where id = ${resourceId}`,
  );
  return found?.currency_code;
}
