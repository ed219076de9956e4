import type { Knex } from "knex";
import { query, raw, type Sql, sql } from "./sql.ts";

/** A page of a list, in rows. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/**
 * Returns the ids of a page of the rows `t` in `from` (`product t where …`), and the count of all
 * rows. This takes two statements, or one if the page itself shows the count. Limit and offset are
 * part of the statement's text, since a plan for unknown values would read the whole table.
 */
export async function pageOf(
  connection: Knex,
  from: Sql,
  order: Sql,
  page: Page,
): Promise<{ ids: string[]; count: number }> {
  const cut = raw(`limit ${Number(page.limit)} offset ${Number(page.offset)}`);
  const rows = await query<{ id: string }>(
    connection,
    sql`select t.id from ${from} order by ${order} ${cut}`,
  );
  const ids = rows.map((row) => row.id);
  const isLast = ids.length < page.limit && (ids.length > 0 || page.offset === 0);
  if (isLast) return { ids, count: page.offset + ids.length };
  const [counted] = await query<{ count: number }>(
    connection,
    sql`select count(*)::int as count from ${from}`,
  );
  return { ids, count: counted?.count ?? 0 };
}
