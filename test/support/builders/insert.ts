import type { Knex } from "knex";

export type Row = Record<string, unknown>;

/** A row as the database stores it, with the types of the columns that tests read. */
export type InsertedRow<Columns = object> = Row & { readonly id: string } & Columns;

/** Inserts a row and returns it with its defaults. */
export async function insert<Columns = object>(
  knex: Knex,
  table: string,
  row: Row,
): Promise<InsertedRow<Columns>> {
  const [inserted] = await knex(table).insert(row).returning("*");
  return inserted;
}

let count = 0;

/** Returns a new number, for a unique name. */
export const nextNumber = (): number => ++count;
