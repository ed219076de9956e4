import type { Knex } from "knex";
import { poll } from "../concurrency/poll.ts";
import { query, sql } from "../database/sql.ts";
import type { Log } from "../runtime/log.ts";
import { WEBHOOK_ID } from "./dead-letters.ts";
import { eventNames } from "./event-names.ts";
import type { Subscriptions } from "./subscriptions.ts";

interface CleanupOptions {
  readonly subscriptions: Pick<Subscriptions, "idsFor">;
  readonly retryHours: number;
  readonly deadLetters: DeadLetterBounds;
  readonly log: Log;
}

interface DeadLetterBounds {
  readonly days: number;
  /** In all. */
  readonly count: number;
}

const POLL_INTERVAL_MS = 60_000;
const BATCH_SIZE = 1000;
/** What nobody took for so many times the usual time has no subscriber any more. */
const OVERDUE_FACTOR = 2;

/**
 * Bounds the outbox, every minute: moves what processes of the former version wrote, makes dead
 * letters of what is overdue, and deletes old dead letters. Returns the function that stops it
 * after the current round.
 */
export function startDeliveryCleanup(knex: Knex, options: CleanupOptions): () => Promise<void> {
  return poll(async () => {
    try {
      return await cleanUpDeliveries(knex, options);
    } catch (error) {
      options.log.warn(
        { event: "delivery_cleanup_failed", err: error },
        "Cleaning up the outbox failed. It is retried in a minute.",
      );
      return false;
    }
  }, POLL_INTERVAL_MS);
}

/** Does one round. Returns whether there may be more to do. */
export async function cleanUpDeliveries(
  knex: Knex,
  { subscriptions, retryHours, deadLetters: { days, count } }: Omit<CleanupOptions, "log">,
): Promise<boolean> {
  const counts = [
    await moveFormerEvents(knex, subscriptions),
    await query(
      knex,
      sql`update nettle_delivery set dead_at = now(),
          error = coalesce(error, 'No process has this subscriber any more')
        where id in (select id from nettle_delivery
          where dead_at is null and due_at <= now()
            and waits_since < now() - make_interval(hours => ${OVERDUE_FACTOR * retryHours})
          limit ${BATCH_SIZE}) returning 1`,
    ),
    await query(
      knex,
      sql`delete from nettle_delivery where id in (select id from nettle_delivery d
        where subscriber ~ ${WEBHOOK_ID}
          and not exists (select 1 from nettle_webhook w where w.id = d.subscriber)
        limit ${BATCH_SIZE}) returning 1`,
    ),
    await query(
      knex,
      sql`delete from nettle_delivery where id in (select id from nettle_delivery
        where dead_at < now() - make_interval(days => ${days})
        limit ${BATCH_SIZE}) returning 1`,
    ),
    await query(
      knex,
      sql`delete from nettle_delivery where id in (select id from nettle_delivery
        where dead_at is not null order by dead_at desc, id desc
        limit ${BATCH_SIZE} offset ${count}) returning 1`,
    ),
  ];
  return counts.some(({ length }) => length === BATCH_SIZE);
}

/** Moves the events of processes of the former version, which wrote no subscribers. */
function moveFormerEvents(
  knex: Knex,
  subscriptions: Pick<Subscriptions, "idsFor">,
): Promise<readonly unknown[]> {
  const pairs = eventNames.flatMap((name) =>
    subscriptions.idsFor(name).map((subscriber) => ({ name, subscriber })),
  );
  return query(
    knex,
    sql`with former as (
        delete from nettle_outbox where id in (
          select id from nettle_outbox where due_at <= now() order by id
          limit ${BATCH_SIZE} for update skip locked)
        returning id, name, data, created_at),
      moved as (
        insert into nettle_delivery (event_id, subscriber, name, aggregate, data, created_at)
        select former.id, pair.subscriber, former.name, coalesce(former.data->>'id', ''),
          former.data, former.created_at
        from former join unnest(${pairs.map(({ name }) => name)}::text[],
          ${pairs.map(({ subscriber }) => subscriber)}::text[]) as pair (name, subscriber)
          on pair.name = former.name
        order by former.id)
      select 1 from former`,
  );
}
