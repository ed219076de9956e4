import type { Knex } from "knex";
import { query, sql } from "../database/sql.ts";
import type { EventName } from "./subscribers.ts";

/** An event on its way to a subscriber, taken by one relay for a limited time. */
export interface Delivery {
  /** A 64-bit number, as text. Later events of an aggregate have greater ones. */
  readonly id: string;
  readonly event_id: string;
  readonly subscriber: string;
  readonly name: EventName;
  readonly aggregate: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  /** How often it has been taken, including this time. */
  readonly attempts: number;
  /** The request that the event comes from; null for one of the server's own. */
  readonly request_id: string | null;
}

/** How many more deliveries a subscriber may be given. */
export type Room = ReadonlyMap<string, number>;

/**
 * Takes due deliveries, oldest first, at most so many for each subscriber, and hides them from
 * other relays for `seconds`. Of one aggregate a subscriber gets the next event when it is done
 * with the last one. Returns the deliveries taken.
 */
export function takeDueDeliveries(
  connection: Knex,
  room: Room,
  seconds: number,
): Promise<Delivery[]> {
  return query<Delivery>(
    connection,
    sql`with due as (
        select chosen.id from unnest(${[...room.keys()]}::text[], ${[...room.values()]}::int[])
          as room (subscriber, count) cross join lateral (
            select d.id from nettle_delivery d
            where d.subscriber = room.subscriber and d.dead_at is null and d.due_at <= now()
              and not exists (select 1 from nettle_delivery earlier
                where earlier.subscriber = d.subscriber and earlier.aggregate = d.aggregate
                  and earlier.dead_at is null and earlier.id < d.id)
            order by d.due_at, d.id limit room.count for update skip locked) as chosen)
      update nettle_delivery
      set attempts = attempts + 1, due_at = now() + make_interval(secs => ${seconds})
      where id in (select id from due)
      returning id, event_id, subscriber, name, aggregate, data, created_at, attempts,
        request_id`,
  );
}

/** Deletes a delivery that has arrived. */
export async function deleteDelivery(connection: Knex, id: string): Promise<void> {
  await query(connection, sql`delete from nettle_delivery where id = ${id}::bigint`);
}

/** Extends the time for which a taken delivery is hidden, unless another relay has taken it. */
export async function renewDelivery(
  connection: Knex,
  { id, attempts }: Delivery,
  seconds: number,
): Promise<void> {
  await query(
    connection,
    sql`update nettle_delivery set due_at = now() + make_interval(secs => ${seconds})
      where id = ${id}::bigint and attempts = ${attempts}`,
  );
}

/** What is done about a delivery that failed. */
interface Failure {
  readonly error: string;
  /** The pause until the next try. */
  readonly seconds: number;
  /** For how long it is tried, and how often at least. */
  readonly hours: number;
  readonly minAttempts: number;
}

/**
 * Postpones a delivery that failed, with what waits behind it; or makes it a dead letter, if it has
 * been tried for long enough. It has no effect if another relay has taken the delivery since.
 * Returns whether it is a dead letter now.
 */
export async function recordFailure(
  connection: Knex,
  { id, attempts, subscriber, aggregate }: Delivery,
  { error, seconds, hours, minAttempts }: Failure,
): Promise<boolean> {
  const [row] = await query<{ is_dead: boolean }>(
    connection,
    sql`with failed as (
        update nettle_delivery
        set error = ${error}, due_at = now() + make_interval(secs => ${seconds}),
          dead_at = case when attempts >= ${minAttempts}
            and waits_since < now() - make_interval(hours => ${hours}) then now() end
        where id = ${id}::bigint and attempts = ${attempts}
        returning dead_at),
      behind as (
        update nettle_delivery set due_at = now() + make_interval(secs => ${seconds})
        where subscriber = ${subscriber} and aggregate = ${aggregate} and dead_at is null
          and id > ${id}::bigint
          and exists (select 1 from failed where failed.dead_at is null))
      select dead_at is not null as is_dead from failed`,
  );
  return row?.is_dead ?? false;
}
