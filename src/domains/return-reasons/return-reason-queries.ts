import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/** Returns the ids of the return reasons without a parent, oldest first. */
export async function findTopReasonIds(connection: Knex): Promise<string[]> {
  const rows = await query<{ id: string }>(
    connection,
    sql`select t.id from return_reason t
      where t.deleted_at is null and t.parent_return_reason_id is null
      order by t.created_at, t.id`,
  );
  return rows.map((row) => row.id);
}
