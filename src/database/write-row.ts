import type { Knex } from "knex";
import { join, query, raw, sql } from "./sql.ts";

type Columns = Readonly<Record<string, unknown>>;

/** Inserts one row of the given columns. */
export async function insertRow(connection: Knex, table: string, columns: Columns): Promise<void> {
  const names = join(Object.keys(columns).map(quoted));
  await query(
    connection,
    sql`insert into ${quoted(table)} (${names}) values (${join(Object.values(columns))})`,
  );
}

/** Updates the given columns of a row, at least one, and `updated_at`. */
export async function updateRow(
  connection: Knex,
  table: string,
  id: string,
  columns: Columns,
): Promise<void> {
  const sets = Object.entries(columns).map(([name, value]) => sql`${quoted(name)} = ${value}`);
  await query(
    connection,
    sql`update ${quoted(table)} set ${join(sets)}, updated_at = now() where id = ${id}`,
  );
}

function quoted(name: string) {
  return raw(`"${name}"`);
}
