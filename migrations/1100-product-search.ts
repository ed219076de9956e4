import type { Knex } from "knex";
import { createMarkFunction, createMarkTriggers } from "./product-search/search-marks.ts";
import { createSearchRefresh } from "./product-search/search-refresh.ts";
import { createSearchWords } from "./product-search/search-words.ts";

/**
 * Creates the index of the product search, in tables of our own without a foreign key to Medusa's:
 * the searchable texts and values of each product, the words in them, and marks of later changes. A
 * writer of products only inserts a mark; the next search takes the marks and reads the products
 * again. It runs outside a transaction: only the triggers lock Medusa's tables, one after another.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.transaction(async (trx) => {
    await trx.raw(trigrams);
    await trx.raw(tables);
    await createSearchWords(trx);
    await trx.raw(wordIndex);
    await createSearchRefresh(trx);
    await createMarkFunction(trx);
  });
  await createMarkTriggers(knex);
  await knex.raw("insert into nettle_product_search_due (kind) values ('all')");
}

/** Without the extension a search works as well, but does not find misspelt words. */
const trigrams = `
create table if not exists nettle_extension (name text primary key);
do $$
begin
  if not exists (select from pg_extension where extname = 'pg_trgm') then
    create extension pg_trgm;
    insert into nettle_extension values ('pg_trgm');
  end if;
exception
  when insufficient_privilege or feature_not_supported or undefined_file or undefined_object then
    raise notice 'pg_trgm is not available: searches do not forgive misspelling';
end
$$;
`;

const tables = `
create table if not exists nettle_product_search (
  product_id text primary key,
  created_at timestamptz not null,
  title_words tsvector not null,
  words tsvector not null,
  exact_keys text[] not null,
  channels text[] not null,
  facets jsonb not null,
  keys text[] not null,
  prices jsonb not null
);
comment on column nettle_product_search.exact_keys is 'SKUs, bar codes and handle, in lower case';
comment on column nettle_product_search.facets is 'values by attribute, as they are shown';
comment on column nettle_product_search.keys is 'attribute=value, folded, for filters';
comment on column nettle_product_search.prices is
  'lowest and highest amount by currency, price lists left out';
create index if not exists nettle_product_search_newest
  on nettle_product_search (created_at desc, product_id desc);
create index if not exists nettle_product_search_title_words
  on nettle_product_search using gin (title_words);
create index if not exists nettle_product_search_words on nettle_product_search using gin (words);
create index if not exists nettle_product_search_exact_keys
  on nettle_product_search using gin (exact_keys);
create index if not exists nettle_product_search_keys on nettle_product_search using gin (keys);

create table if not exists nettle_search_word (word text primary key);

create table if not exists nettle_product_search_due (
  seq bigint generated always as identity primary key,
  kind text not null,
  id text
);
comment on column nettle_product_search_due.kind is
  'what the id is of: product, variant, price, collection, type, tag, category; all has none';
`;

const wordIndex = `
create or replace function nettle_search_index_words() returns void language plpgsql
  set search_path from current as $index$
begin
  create index if not exists nettle_search_word_trigrams
    on nettle_search_word using gin (word gin_trgm_ops);
exception
  when undefined_object then null;
end
$index$;
comment on function nettle_search_index_words is
  'adds the index that misspelt words are found by, where pg_trgm is there';
select nettle_search_index_words();
`;
