import type { MomentRange } from "../moment-range.ts";
import { boundsConditions } from "./range-conditions.ts";
import { type Sql, sql } from "./sql.ts";

/** The conditions that a column lies in a range of time, compared in the database's microseconds. */
export function momentsConditions(column: Sql, range: MomentRange | undefined): Sql[] {
  return range ? boundsConditions(column, range, (moment) => sql`${moment.toISOString()}::timestamptz`) : [];
}
