import { InvalidDataError } from "../core/errors.ts";
import { join, raw, type Sql } from "../database/sql.ts";
import type { Entity } from "./entity.ts";

/**
 * The SQL order that `order` asks for (`title`, `-created_at`), by rows of `t`; newest first when
 * it asks for none. Nulls last upwards, first downwards, as PostgreSQL sorts; equal rows by id.
 * @throws InvalidData for what is no column (nor one of `others`, expressions by name for each
 * direction).
 */
export function orderBy(
  entity: Entity,
  order: string | undefined,
  others: Readonly<Record<string, OrderExpression>> = {},
): Sql {
  return orderAmong(Object.keys(entity.columns), order, others);
}

/**
 * The same where only some columns may be sorted by.
 * @throws InvalidData for another name.
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
 * An SQL expression to sort by, which may differ upwards and downwards (the lowest price, the
 * highest price).
 */
export type OrderExpression = (descending: boolean) => Sql;
