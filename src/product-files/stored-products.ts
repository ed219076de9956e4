import type { Knex } from "knex";
import { join, query, raw, type Sql, sql } from "../database/sql.ts";
import { uniqueNumbers } from "./product-fields.ts";
import type { FieldValue } from "./product-input.ts";

/** A row of the shop that a product refers to. */
export interface StoredWord {
  readonly id: string;
  readonly value: string;
}

/** A price of a variant of its own: of no price list, for any quantity. */
export interface StoredPrice {
  readonly id: string;
  /** The row that ties the price to its variant. */
  readonly link_id: string;
  readonly amount: number;
  readonly currency_code: string;
  readonly region_id: string | null;
  readonly region_name: string | null;
}

/** A variant of the shop, with all columns of its row. */
export interface StoredVariant {
  readonly id: string;
  readonly columns: Readonly<Record<string, FieldValue>>;
  readonly options: readonly { id: string; option_id: string; value: string }[];
  readonly prices: readonly StoredPrice[];
}

/** A product of the shop, with all columns of its row. */
export interface StoredProduct {
  readonly id: string;
  readonly handle: string | null;
  readonly columns: Readonly<Record<string, FieldValue>>;
  readonly collection: { id: string; handle: string | null; title: string } | null;
  readonly type: StoredWord | null;
  readonly tags: readonly StoredWord[];
  readonly images: readonly { id: string; url: string }[];
  readonly options: readonly { id: string; title: string }[];
  readonly channels: readonly { id: string; name: string; description: string | null }[];
  readonly categories: readonly {
    id: string;
    handle: string;
    name: string;
    description: string;
  }[];
  readonly profiles: readonly { id: string; name: string; type: string }[];
  readonly variants: readonly StoredVariant[];
}

/** Returns the products that the shop has and that have one of these ids or handles. */
export function loadProducts(
  connection: Knex,
  { ids, handles }: { readonly ids: readonly string[]; readonly handles: readonly string[] },
): Promise<StoredProduct[]> {
  return query(
    connection,
    sql`with found as materialized (
        select ${ids}::text[] || array(select p.id from unnest(${handles}::text[]) as h(handle)
          cross join lateral (${only("product", "handle", sql`h.handle`)}) p) as ids)
      select ${PRODUCT} from (select distinct unnest(ids) as id from found) f
      cross join lateral (${each("product", "id", sql`f.id`)}) p`,
  );
}

/** Returns the products with these ids, sorted by handle. */
export function loadProductsById(
  connection: Knex,
  ids: readonly string[],
): Promise<StoredProduct[]> {
  return query(
    connection,
    sql`select ${PRODUCT} from unnest(${ids}::text[]) as f(id)
      cross join lateral (select * from product where id = f.id) p
      order by p.handle collate "C" nulls last, p.id`,
  );
}

/**
 * Returns a query of the rows of a table with a value that are not deleted, found by the index of
 * this column. Without OFFSET the planner
 * may read all rows by another index of `deleted_at`: it takes them for few while an import fills
 * the table and nothing has been counted yet.
 */
export function each(table: string, column: string, value: Sql): Sql {
  const rows = sql`select * from ${raw(table)} where ${raw(column)} = ${value}`;
  return sql`select * from (${rows} offset 0) rows where deleted_at is null`;
}

/** The same for a column that has an index of the rows that are not deleted. */
function only(table: string, column: string, value: Sql): Sql {
  return sql`select * from ${raw(table)}
    where ${raw(column)} = ${value} and deleted_at is null offset 0`;
}

const list = (select: Sql) => sql`coalesce((${select}), '[]'::json)`;

const PRICES = list(sql`select json_agg(json_build_object('id', m.id, 'link_id', l.id,
    'amount', m.amount, 'currency_code', m.currency_code, 'region_id', m.region_id,
    'region_name', r.name)
    order by m.region_id is not null, m.currency_code, r.name, m.created_at, m.id)
  from product_variant_money_amount l
  cross join lateral (${each("money_amount", "id", sql`l.money_amount_id`)}) m
  left join region r on r.id = m.region_id
  where l.variant_id = v.id and m.price_list_id is null
    and m.min_quantity is null and m.max_quantity is null
    and (m.region_id is null or r.deleted_at is null)`);

const VALUES = list(sql`select json_agg(json_build_object('id', o.id, 'option_id', o.option_id,
    'value', o.value) order by o.created_at, o.id)
  from (${each("product_option_value", "variant_id", sql`v.id`)}) o`);

const VARIANTS = list(sql`select json_agg(json_build_object('id', v.id, 'columns', to_json(v),
    'options', ${VALUES}, 'prices', ${PRICES}) order by v.variant_rank, v.id)
  from (${each("product_variant", "product_id", sql`p.id`)}) v`);

const PRODUCT = sql`p.id, p.handle, to_json(p) as columns,
  (select json_build_object('id', c.id, 'handle', c.handle, 'title', c.title)
    from product_collection c where c.id = p.collection_id and c.deleted_at is null) as collection,
  (select json_build_object('id', t.id, 'value', t.value)
    from product_type t where t.id = p.type_id and t.deleted_at is null) as type,
  ${list(sql`select json_agg(json_build_object('id', t.id, 'value', t.value)
      order by t.value collate "C", t.id)
    from product_tags l
    cross join lateral (${each("product_tag", "id", sql`l.product_tag_id`)}) t
    where l.product_id = p.id`)} as tags,
  ${list(sql`select json_agg(json_build_object('id', i.id, 'url', i.url)
      order by i.created_at, i.id)
    from product_images l cross join lateral (${each("image", "id", sql`l.image_id`)}) i
    where l.product_id = p.id`)} as images,
  ${list(sql`select json_agg(json_build_object('id', o.id, 'title', o.title)
      order by o.created_at, o.id)
    from (${each("product_option", "product_id", sql`p.id`)}) o`)} as options,
  ${list(sql`select json_agg(json_build_object('id', c.id, 'name', c.name,
      'description', c.description) order by c.name collate "C", c.id)
    from product_sales_channel l
    cross join lateral (${each("sales_channel", "id", sql`l.sales_channel_id`)}) c
    where l.product_id = p.id`)} as channels,
  ${list(sql`select json_agg(json_build_object('id', c.id, 'handle', c.handle, 'name', c.name,
      'description', c.description) order by c.handle collate "C")
    from product_category_product l join product_category c on c.id = l.product_category_id
    where l.product_id = p.id`)} as categories,
  ${list(sql`select json_agg(json_build_object('id', s.id, 'name', s.name, 'type', s.type)
      order by s.created_at, s.id)
    from product_shipping_profile l
    cross join lateral (${each("shipping_profile", "id", sql`l.profile_id`)}) s
    where l.product_id = p.id`)} as profiles,
  ${VARIANTS} as variants`;

/** A variant, and whose it is. */
export interface VariantOwner {
  readonly id: string;
  readonly product_id: string;
  readonly handle: string | null;
  readonly sku: string | null;
  readonly barcode: string | null;
  readonly ean: string | null;
  readonly upc: string | null;
}

/** Returns the variants that have one of these ids or numbers, of whatever product. */
export function loadOwners(
  connection: Knex,
  of: Readonly<Record<"ids" | keyof typeof uniqueNumbers, readonly string[]>>,
): Promise<VariantOwner[]> {
  const having = (values: readonly string[], rows: Sql) =>
    sql`select v.* from unnest(${values}::text[]) as n(value) cross join lateral (${rows}) v`;
  const numbers = Object.keys(uniqueNumbers) as (keyof typeof uniqueNumbers)[];
  const all = [
    having(of.ids, each("product_variant", "id", sql`n.value`)),
    ...numbers.map((column) => having(of[column], only("product_variant", column, sql`n.value`))),
  ];
  return query(
    connection,
    sql`select distinct v.id, v.product_id, p.handle, v.sku, v.barcode, v.ean, v.upc
      from (${join(all, " union all ")}) v left join product p on p.id = v.product_id`,
  );
}
