import { type Sql, sql } from "./sql.ts";

interface Bounds<T> {
  readonly lt?: T | undefined;
  readonly lte?: T | undefined;
  readonly gt?: T | undefined;
  readonly gte?: T | undefined;
}

interface TextBounds extends Bounds<string> {
  readonly contains?: string | undefined;
  readonly starts_with?: string | undefined;
  readonly ends_with?: string | undefined;
}

const comparisons = {
  lt: (column: Sql, bound: Sql) => sql`${column} < ${bound}`,
  lte: (column: Sql, bound: Sql) => sql`${column} <= ${bound}`,
  gt: (column: Sql, bound: Sql) => sql`${column} > ${bound}`,
  gte: (column: Sql, bound: Sql) => sql`${column} >= ${bound}`,
};

/** Returns the conditions for a column between bounds; `bound` turns a value into SQL. */
export function boundsConditions<T>(
  column: Sql,
  range: Bounds<T>,
  bound: (value: T) => Sql,
): Sql[] {
  return (["lt", "lte", "gt", "gte"] as const).flatMap((operator) => {
    const value = range[operator];
    return value === undefined ? [] : [comparisons[operator](column, bound(value))];
  });
}

/**
 * Returns the conditions for a text that is in a list or within a range. `contains`, `starts_with`
 * and `ends_with` ignore case; `%` and `_` are wildcards there, as in Medusa.
 */
export function textConditions(
  column: Sql,
  filter: readonly string[] | TextBounds | undefined,
): Sql[] {
  if (filter === undefined) return [];
  if (isList(filter)) return [sql`${column} = any(${filter})`];
  const { contains, starts_with, ends_with } = filter;
  return [
    ...boundsConditions(column, filter, (value) => sql`${value}`),
    ...(contains === undefined ? [] : [sql`${column} ilike ${`%${contains}%`}`]),
    ...(starts_with === undefined ? [] : [sql`${column} ilike ${`${starts_with}%`}`]),
    ...(ends_with === undefined ? [] : [sql`${column} ilike ${`%${withEscapedEnd(ends_with)}`}`]),
  ];
}

function isList(filter: readonly string[] | TextBounds): filter is readonly string[] {
  return Array.isArray(filter);
}

/** Completes a pattern that ends in a single backslash, which LIKE refuses. */
function withEscapedEnd(pattern: string): string {
  const trailing = pattern.length - pattern.replace(/\\+$/, "").length;
  return trailing % 2 === 0 ? pattern : `${pattern}\\`;
}

/** Returns the conditions for a number that equals another or lies within a range. */
export function numberConditions(column: Sql, filter: number | Bounds<number> | undefined): Sql[] {
  if (filter === undefined) return [];
  if (typeof filter === "number") return [sql`${column} = ${filter}::numeric`];
  return boundsConditions(column, filter, (value) => sql`${value}::numeric`);
}
