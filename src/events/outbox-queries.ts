import type { Knex } from "knex";
import { query, sql } from "../database/sql.ts";
import type { ShopEvent } from "./events.ts";

/** An event that one relay has taken for a limited time. */
export interface TakenEvent extends ShopEvent {
  readonly id: string;
  /** How often the event has been taken, including this time. */
  readonly attempts: number;
}

/**
 * Takes at most `limit` due events, oldest first, and hides them from other relays for `seconds`.
 * Returns the events taken.
 */
export function takeDueEvents(
  connection: Knex,
  limit: number,
  seconds: number,
): Promise<TakenEvent[]> {
  return query<TakenEvent>(
    connection,
    sql`update nettle_outbox
      set attempts = attempts + 1, due_at = now() + make_interval(secs => ${seconds})
      where id in (select id from nettle_outbox where due_at <= now()
        order by due_at, id limit ${limit} for update skip locked)
      returning id, name, data, attempts`,
  );
}

/** Deletes an event from the outbox, once it is delivered or abandoned. */
export async function deleteEvent(connection: Knex, id: string): Promise<void> {
  await query(connection, sql`delete from nettle_outbox where id = ${id}`);
}

/**
 * Postpones the next delivery of a taken event by a number of seconds. It has no effect if another
 * relay has taken the event since.
 */
export async function postponeEvent(
  connection: Knex,
  { id, attempts }: TakenEvent,
  seconds: number,
): Promise<void> {
  await query(
    connection,
    sql`update nettle_outbox set due_at = now() + make_interval(secs => ${seconds})
      where id = ${id} and attempts = ${attempts}`,
  );
}
