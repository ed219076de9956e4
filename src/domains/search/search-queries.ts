import type { Knex } from "knex";
import type { Page } from "../../database/page.ts";
import { all, query, raw, type Sql, sql } from "../../database/sql.ts";
import type { Filter } from "./filter.ts";
import { filterCondition } from "./filter-condition.ts";
import type { SoughtWord, WordQuery } from "./search-rules.ts";

/** A search reaches this many hits and no further, however many there are. */
export const MAX_HITS = 1000;
/** More words than that say no more. */
const MAX_WORDS = 8;
/** At most so many values of an attribute are counted, the most frequent ones. */
const MAX_FACET_VALUES = 100;

/** Among which products is looked. */
export interface SearchScope {
  /** Undefined looks into every sales channel. */
  readonly channels: readonly string[] | undefined;
  readonly filter: Filter | undefined;
}

/** The words of a text, and those of products that are spelt alike (none without pg_trgm). */
export function findWords(connection: Knex, text: string): Promise<SoughtWord[]> {
  return query<SoughtWord>(
    connection,
    sql`select word, case when length(word) < 5 then '{}' else nettle_search_similar(word) end as alike
      from unnest((nettle_search_words(${text}))[1:${raw(String(MAX_WORDS))}]) with ordinality as listed(word, place) order by place`,
  );
}

interface Found {
  readonly ids: string[];
  /** How many there are, `MOST_HITS` if more. */
  readonly count: number;
}

/** A page of all products, the newest first. */
export async function findNewest(connection: Knex, scope: SearchScope, page: Page): Promise<Found> {
  const from = sql`nettle_product_search s where ${within(scope)}`;
  const hitLimit = raw(`limit ${MAX_HITS}`);
  const [row] = await query<Found>(
    connection,
    sql`select array(select s.product_id from ${from} order by s.created_at desc, s.product_id desc ${cut(page)}) as ids,
      (select count(*)::int from (select from ${from} ${hitLimit}) counted) as count`,
  );
  return row ?? { ids: [], count: 0 };
}

/**
 * A page of the products that a query finds, the best first: a SKU, bar code or handle that is the
 * whole text, nothing misspelt, in the title, then by how well the words fit. Of more than
 * `MOST_HITS` products some are not weighed, those with a word in the title last.
 */
export async function findMatches(
  connection: Knex,
  words: WordQuery,
  code: string,
  scope: SearchScope,
  page: Page,
): Promise<Found> {
  const hitLimit = raw(`limit ${MAX_HITS}`);
  const sought = sql`${words.forgiving}::text::tsquery`;
  const whole = sql`${words.whole}::text::tsquery`;
  const [row] = await query<Found>(
    connection,
    sql`with found as materialized (
        select s.product_id from nettle_product_search s where s.exact_keys @> array[${code}::text] and ${within(scope)}
        union (select s.product_id from nettle_product_search s where s.title_words @@ ${sought} and ${within(scope)} ${hitLimit})
        union (select s.product_id from nettle_product_search s where s.words @@ ${sought} and ${within(scope)} ${hitLimit}))
      select array(select s.product_id from found join nettle_product_search s using (product_id)
          order by s.exact_keys @> array[${code}::text] desc, s.words @@ ${words.typed}::text::tsquery desc, s.title_words @@ ${sought} desc,
            ts_rank(s.words, ${whole}, 1) desc, s.created_at desc, s.product_id desc ${cut(page)}) as ids,
        (select least(count(*), ${raw(String(MAX_HITS))})::int from found) as count`,
  );
  return row ?? { ids: [], count: 0 };
}

/** How many products of a query (of all, without one) have each value of the attributes. */
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
        select asked.name, held.value, count(*)::int as count, row_number() over (partition by asked.name order by count(*) desc, held.value) as place
        from nettle_product_search s, unnest(${names}::text[]) asked(name), jsonb_array_elements_text(s.facets -> asked.name) held(value)
        where ${matches} and ${within(scope)} group by asked.name, held.value) counted
      where place <= ${raw(String(MAX_FACET_VALUES))} order by name, value`,
  );
  const counts: Record<string, Record<string, number>> = Object.fromEntries(
    names.map((name) => [name, {}]),
  );
  for (const { name, value, count } of rows) counts[name]![value] = count;
  return counts;
}

/** Whether products have changed since the index was last brought up to them. */
export async function isDue(connection: Knex): Promise<boolean> {
  const [row] = await query<{ due: boolean }>(
    connection,
    sql`select exists (select from nettle_product_search_due) as due`,
  );
  return row?.due ?? false;
}

/**
 * Reads up to `most` products that have changed anew, in a transaction of its own; how many there
 * were.
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
