import { raw, type Sql, sql } from "./sql.ts";

/** A page of a list, in rows. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** Which rows `t` are on a page: those in `from` (`product t where …`), in this order. */
export interface RowsOfPage {
  readonly from: Sql;
  readonly order: Sql;
  readonly page: Page;
  /** False for a list that does not show how many rows it has; the count is then 0. */
  readonly isCounted?: boolean;
  readonly shortcut?: Shortcut | undefined;
}

/**
 * A way to the first rows of an order that no index has. It is used where it finds at least as many
 * rows as there are up to the end of the page.
 */
export interface Shortcut {
  /**
   * A subquery of some rows: `id`, and `place`, which they are sorted by, then by id. No other row
   * comes before the last one of them.
   */
  readonly first: Sql;
  /** Whether that is so. */
  readonly holds: Sql;
}

/** The setting of a session that holds the ids of the page that was read last. */
export const PAGE_SETTING = "nettle.page";

/**
 * Returns the statement of a page: the ids of its rows, and the count of all rows, which are only
 * counted where the page does not show it. Limit and offset are part of the text, since a plan for
 * unknown values would read the whole table.
 * @param handsOn whether it also leaves the ids for the next statement, in the setting of the page
 */
export function pageStatement(rows: RowsOfPage, handsOn: boolean): Sql {
  const { from, page, isCounted = true } = rows;
  const [limit, offset] = [raw(String(Number(page.limit))), raw(String(Number(page.offset)))];
  const left = handsOn ? sql`set_config('${raw(PAGE_SETTING)}', ids::text, false)` : sql`null`;
  const count = sql`case
    when cardinality(ids) < ${limit} and (cardinality(ids) > 0 or ${offset} = 0)
      then ${offset} + cardinality(ids)
    else (select count(*)::int from ${from}) end`;
  return sql`with ${found(rows, sql`limit ${limit} offset ${offset}`)}
    select ids, ${left} as handed_on, ${isCounted ? count : sql`0`} as count from page`;
}

/** Returns the common table expressions of the ids on the page. */
function found({ from, order, page, shortcut }: RowsOfPage, cut: Sql): Sql {
  const all = sql`array(select t.id from ${from} order by ${order} ${cut})`;
  if (!shortcut) return sql`page as materialized (select ${all} as ids)`;
  const end = raw(String(Number(page.offset) + Number(page.limit)));
  return sql`first as materialized (${shortcut.first}),
    page as materialized (select case
      when ${shortcut.holds} and (select count(*) from first) >= ${end}
        then array(select id from first order by place, id ${cut})
      else ${all} end as ids)`;
}
