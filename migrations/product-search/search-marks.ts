import type { Knex } from "knex";
import { inShortTransactions } from "../in-short-transaction.ts";

/** A table with searchable data: which mark its changes insert, and which columns matter. */
interface WatchedTable {
  readonly table: string;
  readonly kind: "product" | "variant" | "price" | "collection" | "type" | "tag" | "category";
  /** The column with the id for the mark. */
  readonly id: string;
  readonly columns: readonly string[];
}

/** The tables whose changes the index follows. */
export const watchedTables: readonly WatchedTable[] = [
  {
    table: "product",
    kind: "product",
    id: "id",
    columns: [
      ...["title", "subtitle", "description", "handle", "status", "is_giftcard"],
      ...["collection_id", "type_id", "created_at", "deleted_at"],
    ],
  },
  {
    table: "product_variant",
    kind: "product",
    id: "product_id",
    columns: ["id", "title", "sku", "barcode", "ean", "upc", "deleted_at"],
  },
  {
    table: "product_option_value",
    kind: "variant",
    id: "variant_id",
    columns: ["value", "deleted_at"],
  },
  { table: "product_tags", kind: "product", id: "product_id", columns: ["product_tag_id"] },
  {
    table: "product_category_product",
    kind: "product",
    id: "product_id",
    columns: ["product_category_id"],
  },
  {
    table: "product_sales_channel",
    kind: "product",
    id: "product_id",
    columns: ["sales_channel_id"],
  },
  {
    table: "product_collection",
    kind: "collection",
    id: "id",
    columns: ["title", "handle", "deleted_at"],
  },
  { table: "product_type", kind: "type", id: "id", columns: ["value", "deleted_at"] },
  { table: "product_tag", kind: "tag", id: "id", columns: ["value", "deleted_at"] },
  {
    table: "product_category",
    kind: "category",
    id: "id",
    columns: ["name", "is_active", "is_internal"],
  },
  {
    table: "product_variant_money_amount",
    kind: "variant",
    id: "variant_id",
    columns: ["money_amount_id", "deleted_at"],
  },
  {
    table: "money_amount",
    kind: "price",
    id: "id",
    columns: ["amount", "currency_code", "price_list_id", "deleted_at"],
  },
];

/**
 * More marks are replaced by one for all products. Nobody takes them while Nettle is stopped, and
 * reading every product again is then cheaper, too.
 */
const MAX_MARKS = 100_000;
/** Counting the marks begins at this size of their table: it has at least some ten thousand. */
const SMALL_BYTES = 2 * 1024 * 1024;
/** How many marks one statement of a writer removes at most. */
const REMOVED_AT_ONCE = 20_000;

/**
 * Creates the function of the triggers, which inserts a mark for every change of searchable data.
 * It never fails the writer's statement: the table of marks has no key that another writer could
 * lock, the function waits only 0.1 s for a lock, and it ignores every error.
 */
export async function createMarkFunction(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { schema: string }[] }>(
    "select quote_ident(current_schema()) as schema",
  );
  await knex.raw(markFunction(rows[0]!.schema));
}

/**
 * Creates the triggers on Medusa's tables, one table a transaction. They fire for every program,
 * also in a session with `session_replication_role = replica`, also for TRUNCATE.
 */
export async function createMarkTriggers(knex: Knex): Promise<void> {
  await inShortTransactions(knex, watchedTables, async (trx, table) => {
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `select from pg_trigger
       where tgrelid = to_regclass(quote_ident(?)) and tgname = 'nettle_search_truncate'`,
      [table.table],
    );
    if (rows.length === 0) await trx.raw(triggers(table));
  });
}

const markFunction = (schema: string) => `
create or replace function nettle_search_mark() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' as $mark$
declare
  columns text := (select string_agg(quote_ident(name), ', ') from unnest(tg_argv[1:]) name);
  changed text;
  is_full boolean := false;
  bound bigint;
begin
  if pg_relation_size('${schema}.nettle_product_search_due') > ${SMALL_BYTES} then
    -- Reading all products again makes a mark for each, which must not count as too many.
    bound := greatest(${MAX_MARKS}, 3 * (select reltuples from pg_class
      where oid = '${schema}.product'::regclass));
    -- Their numbers have gaps. Counting takes long, and this runs at each statement.
    if bound < (select max(seq) - min(seq) + 1 from ${schema}.nettle_product_search_due) then
      is_full := bound < (select count(*) from (
        select from ${schema}.nettle_product_search_due limit bound + 1) as counted);
    end if;
  end if;
  if is_full then
    delete from ${schema}.nettle_product_search_due where seq in (
      select seq from ${schema}.nettle_product_search_due order by seq
      limit ${REMOVED_AT_ONCE} for update skip locked);
  end if;
  if tg_op = 'TRUNCATE' or is_full then
    insert into ${schema}.nettle_product_search_due (kind) values ('all');
    return null;
  end if;
  changed := case tg_op
    when 'INSERT' then 'nettle_new'
    when 'DELETE' then 'nettle_old'
    else format('((select %1$s from nettle_old except select %1$s from nettle_new)
      union all (select %1$s from nettle_new except select %1$s from nettle_old))', columns)
  end;
  execute format('insert into ${schema}.nettle_product_search_due (kind, id)
    select distinct %L, changed.%I from %s as changed', tg_argv[0], tg_argv[1], changed);
  return null;
exception
  when others then
    raise log 'The search index missed a change of %: %', tg_table_name, sqlerrm;
    return null;
end
$mark$;
`;

function triggers({ table, kind, id, columns }: WatchedTable): string {
  const names = [kind, id, ...columns.filter((column) => column !== id)]
    .map((name) => `'${name}'`)
    .join(", ");
  const events = [
    ["insert", "referencing new table as nettle_new"],
    ["update", "referencing old table as nettle_old new table as nettle_new"],
    ["delete", "referencing old table as nettle_old"],
    ["truncate", ""],
  ];
  return events
    .map(
      ([event, referencing]) => `
        create trigger nettle_search_${event} after ${event} on ${table} ${referencing}
          for each statement execute function nettle_search_mark(${names});
        alter table ${table} enable always trigger nettle_search_${event};`,
    )
    .join("");
}
