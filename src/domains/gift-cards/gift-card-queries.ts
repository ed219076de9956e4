import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/** The id of the gift card with exactly this code, unless it has expired or was disabled while it had a balance; a spent one is found. */
export async function findShownCardId(connection: Knex, code: string, now: Date): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    connection,
    sql`select t.id from gift_card t where t.code = ${code} and t.deleted_at is null
      and (t.ends_at is null or t.ends_at > ${now.toISOString()}::timestamptz) and (not t.is_disabled or t.balance = 0)`,
  );
  return row?.id;
}
