import { stringify } from "csv-stringify/sync";
import type { Knex } from "knex";
import { query, type Sql, sql } from "../database/sql.ts";
import { inTransaction, type Transaction } from "../database/transaction.ts";
import { type CsvShape, csvColumns, csvRows } from "./csv-rows.ts";
import { jsonProduct } from "./json-products.ts";
import type { FileFormat } from "./product-file.ts";
import { each, loadProductsById, type StoredProduct } from "./stored-products.ts";

interface Options {
  readonly format: FileFormat;
  /** Only the product with one of these handles. */
  readonly handles: readonly string[];
  /** Only the products of the collections with these handles. */
  readonly collections: readonly string[];
  readonly withIds: boolean;
  /** Writes a part of the file. */
  write(this: void, text: string): Promise<void>;
  onProgress(this: void, done: number, all: number): void;
}

const PAGE = 200;

/**
 * Writes the products of the shop, sorted by handle, as they are at one moment. Returns how many
 * these are. Products without a handle are left out, since a file could not name them.
 */
export function exportProducts(knex: Knex, options: Options): Promise<number> {
  return inTransaction(knex, async (trx) => {
    await query(trx, sql`set transaction isolation level repeatable read, read only`);
    const ids = await idsOf(trx, options);
    const writer = options.format === "csv" ? await csvWriter(trx, ids, options) : json(options);
    await options.write(writer.head);
    for (let done = 0; done < ids.length; done += PAGE) {
      const products = await loadProductsById(trx, ids.slice(done, done + PAGE));
      await options.write(products.map((each, n) => writer.part(each, done + n === 0)).join(""));
      options.onProgress(Math.min(done + PAGE, ids.length), ids.length);
    }
    await options.write(writer.tail);
    return ids.length;
  });
}

async function idsOf(trx: Transaction, { handles, collections }: Options): Promise<string[]> {
  const conditions: Sql[] = [
    handles.length > 0 ? sql`p.handle = any(${handles})` : sql`true`,
    collections.length > 0
      ? sql`p.collection_id in (select id from product_collection
          where deleted_at is null and handle = any(${collections}))`
      : sql`true`,
  ];
  const rows = await query<{ id: string }>(
    trx,
    sql`select p.id from product p
      where p.deleted_at is null and p.handle <> '' and ${conditions[0]} and ${conditions[1]}
      order by p.handle collate "C"`,
  );
  return rows.map(({ id }) => id);
}

interface Writer {
  readonly head: string;
  part(product: StoredProduct, isFirst: boolean): string;
  readonly tail: string;
}

/** One product a line, all of them in one array. */
function json({ withIds }: Options): Writer {
  const part = (product: StoredProduct, isFirst: boolean) =>
    `${isFirst ? "" : ",\n"}${JSON.stringify(jsonProduct(product, withIds))}`;
  return { head: "[\n", part, tail: "\n]\n" };
}

async function csvWriter(
  trx: Transaction,
  ids: readonly string[],
  { withIds }: Options,
): Promise<Writer> {
  const columns = csvColumns(await shapeOf(trx, ids), withIds);
  const options = { delimiter: ";", record_delimiter: "\r\n", quoted_match: /[,\r]/, eof: false };
  const text = (rows: readonly string[][]) => stringify([...rows], options);
  return {
    head: text([columns.map(({ header }) => header)]),
    // No line break ends the file: Medusa guesses the delimiter, and an empty row misleads it.
    part: (product) => `\r\n${text(csvRows(columns, product))}`,
    tail: "",
  };
}

/** Returns how many columns the products need. */
async function shapeOf(trx: Transaction, ids: readonly string[]): Promise<CsvShape> {
  const highestCount = (rows: Sql) =>
    sql`coalesce((select max(n) from p
      cross join lateral (select count(*)::int as n from (${rows}) rows) c), 0)`;
  const [shape] = await query<CsvShape>(
    trx,
    sql`with p as materialized (select unnest(${ids}::text[]) as id) select
      ${highestCount(each("product_option", "product_id", sql`p.id`))} as options,
      ${highestCount(sql`select from product_images t
        cross join lateral (${each("image", "id", sql`t.image_id`)}) i
        where t.product_id = p.id`)} as images,
      ${highestCount(sql`select from product_sales_channel t
        cross join lateral (${each("sales_channel", "id", sql`t.sales_channel_id`)}) c
        where t.product_id = p.id`)} as channels,
      ${highestCount(sql`select from product_category_product t
        where t.product_id = p.id`)} as categories,
      ${PRICE_COLUMNS} as prices`,
  );
  return shape!;
}

/** Columns of currencies first, then those of regions. */
const PRICE_COLUMNS = sql`coalesce((select jsonb_agg(to_jsonb(c) order by c.region_id is not null,
    c.region_name collate "C", c.currency_code, c.region_id) from (
  select distinct m.currency_code, m.region_id, r.name as region_name
  from p cross join lateral (${each("product_variant", "product_id", sql`p.id`)}) v
  cross join lateral (select money_amount_id from product_variant_money_amount
    where variant_id = v.id offset 0) l
  cross join lateral (${each("money_amount", "id", sql`l.money_amount_id`)}) m
  left join region r on r.id = m.region_id
  where m.price_list_id is null and m.min_quantity is null
    and m.max_quantity is null and (m.region_id is null or r.deleted_at is null)) c), '[]'::jsonb)`;
