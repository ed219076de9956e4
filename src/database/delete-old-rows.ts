import type { Knex } from "knex";
import { poll } from "../concurrency/poll.ts";
import type { Log } from "../runtime/log.ts";
import { query, sql } from "./sql.ts";

const POLL_INTERVAL_MS = 3_600_000;
const BATCH_SIZE = 1000;

/**
 * Deletes rows of our own tables that nothing deletes when their work is done, every hour. Returns
 * the function that stops it after the current round.
 */
export function startRowCleanup(knex: Knex, log: Log): () => Promise<void> {
  return poll(async () => {
    try {
      return await deleteOldRows(knex);
    } catch (error) {
      log.warn(
        { event: "row_cleanup_failed", err: error },
        "Deleting old rows failed. It is retried in an hour.",
      );
      return false;
    }
  }, POLL_INTERVAL_MS);
}

/**
 * Deletes a batch of each kind: sessions that have expired (the store deletes them itself, unless
 * the shop has moved to Redis), uses of discounts that Medusa has not counted in a day (it will not
 * receive the event of their order any more), password changes and provider data of customers that
 * no longer exist, and lost shipping methods and payment sessions that are not followed of carts
 * that are completed, gone, or were not touched for half a year. Returns whether there may be more.
 */
export async function deleteOldRows(knex: Knex): Promise<boolean> {
  const counts = [
    await query(
      knex,
      sql`delete from nettle_session where sid in (
        select sid from nettle_session where expire < now() limit ${BATCH_SIZE}) returning 1`,
    ),
    await query(
      knex,
      sql`delete from nettle_discount_use where (discount_id, order_id) in (
        select discount_id, order_id from nettle_discount_use
        where noted_at < now() - interval '1 day' limit ${BATCH_SIZE}) returning 1`,
    ),
    await query(
      knex,
      sql`delete from nettle_password_change where customer_id in (
        select p.customer_id from nettle_password_change p
        where not exists (select 1 from customer c where c.id = p.customer_id)
        limit ${BATCH_SIZE}) returning 1`,
    ),
    await query(
      knex,
      sql`delete from nettle_provider_customer where (customer_id, provider_id) in (
        select p.customer_id, p.provider_id from nettle_provider_customer p
        where not exists (
          select 1 from customer c where c.id = p.customer_id and c.deleted_at is null)
        limit ${BATCH_SIZE}) returning 1`,
    ),
    await query(
      knex,
      sql`delete from nettle_lost_shipping where cart_id in (
        select l.cart_id from nettle_lost_shipping l
          left join cart c on c.id = l.cart_id and c.completed_at is null and c.deleted_at is null
        where c.id is null or l.lost_at < now() - interval '180 days'
        limit ${BATCH_SIZE}) returning 1`,
    ),
    await query(
      knex,
      sql`delete from nettle_unfollowed_session where session_id in (
        select u.session_id from nettle_unfollowed_session u
          left join payment_session s on s.id = u.session_id
          left join cart c on c.id = s.cart_id and c.completed_at is null and c.deleted_at is null
        where u.claimed_until <= clock_timestamp()
          and (c.id is null or u.since < now() - interval '180 days')
        limit ${BATCH_SIZE}) returning 1`,
    ),
  ];
  return counts.some(({ length }) => length === BATCH_SIZE);
}
