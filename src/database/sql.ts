import type { Knex } from "knex";
import sql, { join, raw, type Sql } from "sql-template-tag";
import { prepareText, queryPrepared } from "./query-prepared.ts";

export { join, raw, type Sql, sql };

/**
 * Runs a statement that is written as a template and returns its rows:
 * ``query(connection, sql`select … where id = ${id}`)``. It is prepared by its text.
 */
export function query<R>(connection: Knex, statement: Sql): Promise<R[]> {
  return queryPrepared<R>(connection, prepareText(statement.text), statement.values);
}

/** Joins conditions with `and`; returns `true` if there are none. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : join(conditions, " and ");
}
