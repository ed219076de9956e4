import type { Knex } from "knex";
import { query, sql } from "../../../database/sql.ts";

/** The payments that must be refunded or voided and are not yet. */
export interface CountedReleases {
  readonly waiting: number;
  /** How long the oldest one waits. */
  readonly seconds: number;
}

/** Counts the payments whose release is queued. */
export async function countReleases(connection: Knex): Promise<CountedReleases> {
  const [counted] = await query<CountedReleases>(
    connection,
    sql`select count(*)::int as waiting,
        coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as seconds
      from nettle_payment_release where released_at is null`,
  );
  return counted!;
}
