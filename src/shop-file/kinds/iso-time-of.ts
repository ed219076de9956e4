import { raw, type Sql } from "../../database/sql.ts";

/** Returns the SQL of a column's time as JavaScript writes it, or null. */
export function isoTimeOf(column: string): Sql {
  return raw(`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
}
