import type { Knex } from "knex";
import sql, { join, raw, type Sql } from "sql-template-tag";
import { prepareText, queryPrepared } from "./query-prepared.ts";
import { sendAhead, type Transaction } from "./transaction.ts";

export { join, raw, type Sql, sql };

/**
 * Runs a statement that is written as a template and returns its rows:
 * ``query(connection, sql`select … where id = ${id}`)``. It is prepared by its text.
 */
export function query<R>(connection: Knex, statement: Sql): Promise<R[]> {
  return queryPrepared<R>(connection, prepareText(statement.text), statement.values);
}

/**
 * Sends a statement of a transaction whose rows nobody needs, without waiting for it (`sendAhead`).
 * Statements run in the order in which they are sent.
 */
export function execute(trx: Transaction, statement: Sql): void {
  sendAhead(trx, query(trx, statement));
}

/**
 * The condition of a statement that refuses its transaction unless it is met. `details` is a text
 * for `executeRequired`.
 */
export function required(condition: Sql, details: Sql = sql`null`): Sql {
  return sql`nettle_require(${condition}, ${details})`;
}

/** The SQLSTATE of `nettle_require`. */
const NOT_MET = "NT001";

/**
 * Sends a statement with a `required` condition ahead. If that is not met, nothing of the
 * transaction is committed, and it fails with the error that `refusal` returns for the details.
 */
export function executeRequired(
  trx: Transaction,
  statement: Sql,
  refusal: (details: string) => Error,
): void {
  const sent = query(trx, statement).catch((error: { code?: string; detail?: string }) => {
    throw error.code === NOT_MET ? refusal(error.detail ?? "") : error;
  });
  sendAhead(trx, sent);
}

/** Joins conditions with `and`; returns `true` if there are none. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : join(conditions, " and ");
}
