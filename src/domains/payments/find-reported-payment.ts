import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { ReportedPayment } from "./attempts/release-leases.ts";

/** A payment of a cart or a payment collection that a report can be about. */
interface KnownPayment {
  /** The provider's last answer about it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The state of its release, if it has one: `voided` and `refunded` say that money was held. */
  readonly release: string | null;
}

const MAX_KNOWN = 100;

/** Whether a report says which payment it is about. */
export function namesPayment({ data }: Pick<ReportedPayment, "data">): boolean {
  return Object.keys(data ?? {}).length > 0;
}

/**
 * Finds the payments that a report can be about: an order's or a swap's, one that a session is
 * going to pay with, and those that are or were released. The newest hundred of each. The sessions
 * of a cart or a collection that was deleted pay for nothing.
 */
export function findKnownPayments(
  connection: Knex,
  { resourceId, providerId, data = {} }: ReportedPayment,
): Promise<KnownPayment[]> {
  const part = sql`${JSON.stringify(data)}::jsonb`;
  return query<KnownPayment>(
    connection,
    sql`(select p.data, null as release from payment p
        where (p.cart_id = ${resourceId} or p.id in (
            select payment_id from payment_collection_payments
            where payment_collection_id = ${resourceId}))
          and p.provider_id = ${providerId} and p.data @> ${part}
          and (p.canceled_at is null or p.order_id is not null)
        order by p.created_at desc limit ${MAX_KNOWN})
      union all (select s.data, null from payment_session s
        where (s.cart_id = (select id from cart where id = ${resourceId} and deleted_at is null)
            or s.id in (
              select t.payment_session_id from payment_collection_sessions t
                join payment_collection c on c.id = t.payment_collection_id
              where c.id = ${resourceId} and c.deleted_at is null))
          and s.provider_id = ${providerId} and s.is_initiated and s.data @> ${part}
          and s.status not in ('authorized', 'canceled')
        order by s.created_at desc limit ${MAX_KNOWN})
      union all (select r.data, r.state from nettle_payment_release r
        where r.resource_id = ${resourceId} and r.provider_id = ${providerId} and r.data @> ${part}
        order by r.created_at desc limit ${MAX_KNOWN})
      union all (select k.data, null from nettle_checkout k
        where k.cart_id = ${resourceId} and k.provider_id = ${providerId} and k.data @> ${part})`,
  );
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
