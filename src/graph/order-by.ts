import { InvalidDataError } from "../core/errors.ts";
import { join, raw, type Sql } from "../database/sql.ts";
import type { Entity } from "./entity.ts";

/**
 * Returns the SQL order of the rows of `t` that `order` requests (`title`, `-created_at`); newest
 * first by default. Nulls come last in ascending and first in descending order, as in PostgreSQL;
 * equal rows are sorted by id.
 * @param others further names that may be sorted by, with their expressions
 * @throws InvalidDataError for a name that is neither a column nor one of `others`
 */
export function orderBy(
  entity: Entity,
  order: string | undefined,
  others: Readonly<Record<string, OrderExpression>> = {},
): Sql {
  return orderAmong(Object.keys(entity.columns), order, others);
}

/**
 * Does the same where only some columns may be sorted by.
 * @throws InvalidDataError for another name
 */
export function orderAmong(
  columns: readonly string[],
  order: string | undefined,
  others: Readonly<Record<string, OrderExpression>> = {},
): Sql {
  if (order === undefined) return raw("t.created_at desc, t.id desc");
  const descending = order.startsWith("-");
  const name = descending ? (order.split("-")[1] ?? "") : order;
  const direction = descending ? "desc" : "asc";
  const other = Object.hasOwn(others, name) ? others[name] : undefined;
  if (!other && !columns.includes(name))
    throw new InvalidDataError(`Order field ${name} is not valid`);
  const expression = other ? other(descending) : raw(`t."${name}"`);
  return join([expression, raw(` ${direction}, t.id ${direction}`)], "");
}

/**
 * Returns an SQL expression to sort by. It may depend on the direction: the lowest price in
 * ascending order, the highest in descending.
 */
export type OrderExpression = (descending: boolean) => Sql;
