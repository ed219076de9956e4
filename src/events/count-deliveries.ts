import type { Knex } from "knex";
import { query, sql } from "../database/sql.ts";

/** What is not delivered. */
export interface CountedDeliveries {
  /** How many wait for their subscriber, and for how many seconds the oldest does. */
  readonly waiting: number;
  readonly waiting_seconds: number;
  /** How many have failed too often, and when the first of them gave up, in seconds ago. */
  readonly dead: number;
  readonly dead_seconds: number;
}

/** Counts the deliveries that wait, and the dead letters. */
export async function countDeliveries(connection: Knex): Promise<CountedDeliveries> {
  const [counted] = await query<CountedDeliveries>(
    connection,
    sql`select count(*) filter (where dead_at is null)::int as waiting,
        count(dead_at)::int as dead,
        coalesce(extract(epoch from now() - min(created_at) filter (where dead_at is null)), 0)
          ::float8 as waiting_seconds,
        coalesce(extract(epoch from now() - min(dead_at)), 0)::float8 as dead_seconds
      from nettle_delivery`,
  );
  return counted!;
}
