import type { Knex } from "knex";
import type { Page } from "../../database/page.ts";
import { all, query, raw, type Sql, sql } from "../../database/sql.ts";
import type { Filter } from "./filter.ts";
import { filterCondition } from "./filter-condition.ts";
import type { QueryWord, WordQuery } from "./search-rules.ts";

/** The maximum number of hits that a search reaches. */
export const MAX_HITS = 1000;
/** The maximum number of words of a query; further words are ignored. */
const MAX_WORDS = 8;
/** The maximum number of values counted for an attribute: the most frequent ones. */
const MAX_FACET_VALUES = 100;

/** Which products a search covers. */
export interface SearchScope {
  /** Sales channel ids; undefined covers every sales channel. */
  readonly channels: readonly string[] | undefined;
  readonly filter: Filter | undefined;
}

/**
 * Splits a text into words. Each comes with the similarly spelled words of products (none without
 * the extension pg_trgm).
 */
export function findWords(connection: Knex, text: string): Promise<QueryWord[]> {
  return query<QueryWord>(
    connection,
    sql`select word,
        case when length(word) < 5 then '{}' else nettle_search_similar(word) end as alike
      from unnest((nettle_search_words(${text}))[1:${raw(String(MAX_WORDS))}])
        with ordinality as listed(word, place)
      order by place`,
  );
}

/** A page of matching products. */
interface Matches {
  readonly ids: string[];
  /** The number of all matches, at most `MAX_HITS`. */
  readonly count: number;
}

/** Returns a page of all products in scope, newest first. */
export async function findNewest(
  connection: Knex,
  scope: SearchScope,
  page: Page,
): Promise<Matches> {
  const from = sql`nettle_product_search s where ${within(scope)}`;
  const hitLimit = raw(`limit ${MAX_HITS}`);
  const [row] = await query<Matches>(
    connection,
    sql`select array(select s.product_id from ${from}
        order by s.created_at desc, s.product_id desc ${cut(page)}) as ids,
      (select count(*)::int from (select from ${from} ${hitLimit}) counted) as count`,
  );
  return row ?? { ids: [], count: 0 };
}

/**
 * Returns a page of the products that match a query, best first: those whose SKU, barcode or handle
 * is the whole text (`code`), then matches without typos, then matches in the title, then by
 * relevance. Of more than `MAX_HITS` matches some are left out; those with a word in the title are
 * the last to be left out.
 */
export async function findMatches(
  connection: Knex,
  words: WordQuery,
  code: string,
  scope: SearchScope,
  page: Page,
): Promise<Matches> {
  const hitLimit = raw(`limit ${MAX_HITS}`);
  const typed = sql`${words.typed}::text::tsquery`;
  const forgiving = sql`${words.forgiving}::text::tsquery`;
  const ranking = sql`${words.ranking}::text::tsquery`;
  const [row] = await query<Matches>(
    connection,
    sql`with found as materialized (
        select s.product_id from nettle_product_search s
          where s.exact_keys @> array[${code}::text] and ${within(scope)}
        union (select s.product_id from nettle_product_search s
          where s.title_words @@ ${forgiving} and ${within(scope)} ${hitLimit})
        union (select s.product_id from nettle_product_search s
          where s.words @@ ${forgiving} and ${within(scope)} ${hitLimit}))
      select array(select s.product_id from found join nettle_product_search s using (product_id)
          order by s.exact_keys @> array[${code}::text] desc, s.words @@ ${typed} desc,
            s.title_words @@ ${forgiving} desc, ts_rank(s.words, ${ranking}, 1) desc,
            s.created_at desc, s.product_id desc ${cut(page)}) as ids,
        (select least(count(*), ${raw(String(MAX_HITS))})::int from found) as count`,
  );
  return row ?? { ids: [], count: 0 };
}

/**
 * Counts, for each attribute, how many products matching a query have each value; without a query,
 * all products in scope.
 */
export async function countFacets(
  connection: Knex,
  names: readonly string[],
  words: WordQuery | undefined,
  code: string,
  scope: SearchScope,
): Promise<Record<string, Record<string, number>>> {
  const matches = words
    ? sql`(s.words @@ ${words.forgiving}::text::tsquery or s.exact_keys @> array[${code}::text])`
    : sql`true`;
  const rows = await query<{ name: string; value: string; count: number }>(
    connection,
    sql`select name, value, count from (
        select attribute.name, facet.value, count(*)::int as count,
          row_number() over (
            partition by attribute.name order by count(*) desc, facet.value
          ) as place
        from nettle_product_search s, unnest(${names}::text[]) attribute(name),
          jsonb_array_elements_text(s.facets -> attribute.name) facet(value)
        where ${matches} and ${within(scope)} group by attribute.name, facet.value) counted
      where place <= ${raw(String(MAX_FACET_VALUES))} order by name, value`,
  );
  const counts: Record<string, Record<string, number>> = Object.fromEntries(
    names.map((name) => [name, {}]),
  );
  for (const { name, value, count } of rows) counts[name]![value] = count;
  return counts;
}

/** Returns whether products have changed since the index was last updated. */
export async function isDue(connection: Knex): Promise<boolean> {
  const [row] = await query<{ due: boolean }>(
    connection,
    sql`select exists (select from nettle_product_search_due) as due`,
  );
  return row?.due ?? false;
}

/**
 * Indexes up to `limit` changed products, in a transaction of its own. Returns how many there were.
 */
export async function refreshProducts(connection: Knex, limit: number): Promise<number> {
  const [row] = await query<{ read: number }>(
    connection,
    sql`select nettle_search_refresh(${limit}) as read`,
  );
  return row?.read ?? 0;
}

function within({ channels, filter }: SearchScope): Sql {
  return all([
    ...(channels ? [sql`s.channels && ${channels}`] : []),
    ...(filter ? [filterCondition(filter)] : []),
  ]);
}

function cut({ limit, offset }: Page): Sql {
  return raw(`limit ${Math.max(0, Math.min(limit, MAX_HITS - offset))} offset ${Number(offset)}`);
}
