import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/** The ids of the return reasons that stand below no other, as they were made. */
export async function findTopReasonIds(connection: Knex): Promise<string[]> {
  const rows = await query<{ id: string }>(
    connection,
    sql`select t.id from return_reason t where t.deleted_at is null and t.parent_return_reason_id is null order by t.created_at, t.id`,
  );
  return rows.map((row) => row.id);
}
