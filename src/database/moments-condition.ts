import type { MomentRange } from "../moment-range.ts";
import { type Sql, sql } from "./sql.ts";

const conditions = {
  lt: (column: Sql, moment: Date) => sql`${column} < ${moment.toISOString()}::timestamptz`,
  lte: (column: Sql, moment: Date) => sql`${column} <= ${moment.toISOString()}::timestamptz`,
  gt: (column: Sql, moment: Date) => sql`${column} > ${moment.toISOString()}::timestamptz`,
  gte: (column: Sql, moment: Date) => sql`${column} >= ${moment.toISOString()}::timestamptz`,
};

/** The conditions that a column lies in a range of time, compared in the database's microseconds. */
export function momentsConditions(column: Sql, range: MomentRange | undefined): Sql[] {
  if (!range) return [];
  return (["lt", "lte", "gt", "gte"] as const).flatMap((operator) => {
    const moment = range[operator];
    return moment ? [conditions[operator](column, moment)] : [];
  });
}
