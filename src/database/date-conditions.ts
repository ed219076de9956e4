import type { DateRange } from "../core/date-range.ts";
import { boundsConditions } from "./range-conditions.ts";
import { type Sql, sql } from "./sql.ts";

/**
 * Returns the conditions for a column within a date range. PostgreSQL compares in microseconds, the
 * range has milliseconds.
 */
export function dateConditions(column: Sql, range: DateRange | undefined): Sql[] {
  return range
    ? boundsConditions(column, range, (date) => sql`${date.toISOString()}::timestamptz`)
    : [];
}
