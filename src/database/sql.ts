import type { Knex } from "knex";
import sql, { join, raw, type Sql } from "sql-template-tag";
import { prepareText, queryPrepared } from "./query-prepared.ts";

export { join, raw, type Sql, sql };

/**
 * The rows of a statement written as a template: ``query(connection, sql`select … where id =
 * ${id}`)``. Prepared by its text.
 */
export function query<R>(connection: Knex, statement: Sql): Promise<R[]> {
  return queryPrepared<R>(connection, prepareText(statement.text), statement.values);
}

/** All of the conditions; true when there are none. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : join(conditions, " and ");
}
