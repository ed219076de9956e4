import type { Knex } from "knex";
import { query, sql } from "../database/sql.ts";
import type { ShopEvent } from "./events.ts";

/** An event that one relay has taken for a while. */
export interface TakenEvent extends ShopEvent {
  readonly id: string;
  /** How often it has been taken, this time included. */
  readonly attempts: number;
}

/**
 * Takes events that are due, oldest first, for so many seconds: no other relay sees them until
 * then.
 */
export function takeDueEvents(
  connection: Knex,
  limit: number,
  seconds: number,
): Promise<TakenEvent[]> {
  return query<TakenEvent>(
    connection,
    sql`update nettle_outbox set attempts = attempts + 1, due_at = now() + make_interval(secs => ${seconds})
      where id in (select id from nettle_outbox where due_at <= now() order by due_at, id limit ${limit} for update skip locked)
      returning id, name, data, attempts`,
  );
}

/** Forgets an event that everyone has heard of. */
export async function deleteEvent(connection: Knex, id: string): Promise<void> {
  await query(connection, sql`delete from nettle_outbox where id = ${id}`);
}

/** Puts an event off for so many seconds. */
export async function postponeEvent(connection: Knex, id: string, seconds: number): Promise<void> {
  await query(
    connection,
    sql`update nettle_outbox set due_at = now() + make_interval(secs => ${seconds}) where id = ${id}`,
  );
}
