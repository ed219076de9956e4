import type { Knex } from "knex";
import { query, type Sql, sql } from "../database/sql.ts";
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
    sql`select ${PRODUCT} from product p where p.deleted_at is null
      and (p.id = any(${ids}) or p.handle = any(${handles}))`,
  );
}

/** Returns the products with these ids, sorted by handle. */
export function loadProductsById(
  connection: Knex,
  ids: readonly string[],
): Promise<StoredProduct[]> {
  return query(
    connection,
    sql`select ${PRODUCT} from product p where p.id = any(${ids})
      order by p.handle collate "C" nulls last, p.id`,
  );
}

const list = (select: Sql) => sql`coalesce((${select}), '[]'::jsonb)`;

const PRICES = list(sql`select jsonb_agg(jsonb_build_object('id', m.id, 'link_id', l.id,
    'amount', m.amount, 'currency_code', m.currency_code, 'region_id', m.region_id,
    'region_name', r.name)
    order by m.region_id is not null, m.currency_code, r.name, m.created_at, m.id)
  from product_variant_money_amount l join money_amount m on m.id = l.money_amount_id
  left join region r on r.id = m.region_id
  where l.variant_id = v.id and m.deleted_at is null and m.price_list_id is null
    and m.min_quantity is null and m.max_quantity is null
    and (m.region_id is null or r.deleted_at is null)`);

const VALUES = list(sql`select jsonb_agg(jsonb_build_object('id', o.id, 'option_id', o.option_id,
    'value', o.value) order by o.created_at, o.id)
  from product_option_value o where o.variant_id = v.id and o.deleted_at is null`);

const VARIANTS = list(sql`select jsonb_agg(jsonb_build_object('id', v.id, 'columns', to_jsonb(v),
    'options', ${VALUES}, 'prices', ${PRICES}) order by v.variant_rank, v.id)
  from product_variant v where v.product_id = p.id and v.deleted_at is null`);

const PRODUCT = sql`p.id, p.handle, to_jsonb(p) as columns,
  (select jsonb_build_object('id', c.id, 'handle', c.handle, 'title', c.title)
    from product_collection c where c.id = p.collection_id and c.deleted_at is null) as collection,
  (select jsonb_build_object('id', t.id, 'value', t.value)
    from product_type t where t.id = p.type_id and t.deleted_at is null) as type,
  ${list(sql`select jsonb_agg(jsonb_build_object('id', t.id, 'value', t.value)
      order by t.value collate "C", t.id)
    from product_tags l join product_tag t on t.id = l.product_tag_id
    where l.product_id = p.id and t.deleted_at is null`)} as tags,
  ${list(sql`select jsonb_agg(jsonb_build_object('id', i.id, 'url', i.url)
      order by i.created_at, i.id)
    from product_images l join image i on i.id = l.image_id
    where l.product_id = p.id and i.deleted_at is null`)} as images,
  ${list(sql`select jsonb_agg(jsonb_build_object('id', o.id, 'title', o.title)
      order by o.created_at, o.id)
    from product_option o where o.product_id = p.id and o.deleted_at is null`)} as options,
  ${list(sql`select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name,
      'description', c.description) order by c.name collate "C", c.id)
    from product_sales_channel l join sales_channel c on c.id = l.sales_channel_id
    where l.product_id = p.id and c.deleted_at is null`)} as channels,
  ${list(sql`select jsonb_agg(jsonb_build_object('id', c.id, 'handle', c.handle, 'name', c.name,
      'description', c.description) order by c.handle collate "C")
    from product_category_product l join product_category c on c.id = l.product_category_id
    where l.product_id = p.id`)} as categories,
  ${list(sql`select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'type', s.type)
      order by s.created_at, s.id)
    from product_shipping_profile l join shipping_profile s on s.id = l.profile_id
    where l.product_id = p.id and s.deleted_at is null`)} as profiles,
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
  of: Readonly<Record<"ids" | "sku" | "barcode" | "ean" | "upc", readonly string[]>>,
): Promise<VariantOwner[]> {
  return query(
    connection,
    sql`select v.id, v.product_id, p.handle, v.sku, v.barcode, v.ean, v.upc
      from product_variant v left join product p on p.id = v.product_id
      where v.deleted_at is null and (v.id = any(${of.ids}) or v.sku = any(${of.sku})
        or v.barcode = any(${of.barcode}) or v.ean = any(${of.ean}) or v.upc = any(${of.upc}))`,
  );
}
