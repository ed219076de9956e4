import type { Knex } from "knex";
import { newId } from "../database/new-id.ts";
import { insertRow, updateRow } from "../database/write-row.ts";

const ROWS_PER_STATEMENT = 500;

/** Inserts a row with a new id, or updates the columns of the row `id`. Returns the id. */
export async function saveRow(
  trx: Knex,
  table: string,
  { prefix, id }: { readonly prefix: string; readonly id: string | undefined },
  columns: Readonly<Record<string, unknown>>,
): Promise<string> {
  if (id !== undefined) {
    await updateRow(trx, table, id, columns);
    return id;
  }
  const created = newId(prefix);
  await insertRow(trx, table, { id: created, ...columns });
  return created;
}

/** Inserts many rows of the same columns. */
export async function insertRows(
  trx: Knex,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    await trx(table).insert(rows.slice(start, start + ROWS_PER_STATEMENT));
}

/** A table that links the rows of two others. */
export interface Links {
  readonly table: string;
  readonly from: string;
  readonly to: string;
}

/** Makes `ids` the only rows that a row is linked to. */
export async function replaceLinks(
  trx: Knex,
  { table, from, to }: Links,
  id: string,
  ids: readonly string[],
): Promise<void> {
  await trx(table)
    .where(from, id)
    .whereNotIn(to, [...ids])
    .delete();
  if (ids.length === 0) return;
  await trx(table)
    .insert([...new Set(ids)].map((other) => ({ [from]: id, [to]: other })))
    .onConflict([from, to])
    .ignore();
}
