import type { Knex } from "knex";
import { query, raw, type Sql, sql } from "./sql.ts";

/** Which rows of a list. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/**
 * The ids of a page of `t` in `from` (`product t where …`) and how many there are in all: two
 * statements, one when the page itself tells the count. Limit and offset stand in the text, since a
 * plan for unknown ones would read the whole table.
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
