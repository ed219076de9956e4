import type { DateRange } from "../core/date-range.ts";
import { boundsConditions } from "./range-conditions.ts";
import { type Sql, sql } from "./sql.ts";

/**
 * The conditions that a column lies in a range of time, compared in the database's microseconds.
 */
export function dateConditions(column: Sql, range: DateRange | undefined): Sql[] {
  return range
    ? boundsConditions(column, range, (date) => sql`${date.toISOString()}::timestamptz`)
    : [];
}
