/** An index that Nettle adds to one of Medusa's tables. */
export interface OwnIndex {
  readonly name: string;
  readonly table: string;
  /** What follows the table's name in `create index concurrently NAME on TABLE`. */
  readonly on: string;
}

const published = "where deleted_at is null and status = 'published'";

/**
 * The columns that `q` of the product list searches, and the index that Medusa creates for each if
 * pg_trgm is available.
 */
export const substringIndexes: readonly (OwnIndex & { readonly medusa: string })[] = [
  { table: "product", column: "title", medusa: "idx_gin_product_title" },
  { table: "product", column: "description", medusa: "idx_gin_product_description" },
  { table: "product_variant", column: "title", medusa: "idx_gin_product_variant_title" },
  { table: "product_variant", column: "sku", medusa: "idx_gin_product_variant_sku" },
  { table: "product_collection", column: "title", medusa: "idx_gin_product_collection" },
].map(({ table, column, medusa }) => ({
  name: `nettle_trigrams_${table}_${column}`,
  table,
  on: `using gin (${column} gin_trgm_ops) where deleted_at is null`,
  medusa,
}));

/** The indexes by which the first page of a product list, or of one of its filters, is read. */
export const catalogueIndexes: readonly OwnIndex[] = [
  {
    name: "nettle_product_newest",
    table: "product",
    on: `(created_at desc, id desc) ${published}`,
  },
  { name: "nettle_product_title", table: "product", on: `(title, id) ${published}` },
  {
    name: "nettle_product_collection",
    table: "product",
    on: `(collection_id, created_at desc, id desc) ${published}`,
  },
  {
    name: "nettle_product_type",
    table: "product",
    on: `(type_id, created_at desc, id desc) ${published}`,
  },
  {
    name: "nettle_price_amount",
    table: "money_amount",
    on: "(currency_code, amount) where deleted_at is null",
  },
  {
    name: "nettle_option_value",
    table: "product_option_value",
    on: "(lower(value)) where deleted_at is null",
  },
];

/**
 * The indexes of foreign keys by which trees find their rows and which Medusa lacks, and the one
 * that tells which currencies a region has prices in.
 */
export const relationIndexes: readonly OwnIndex[] = [
  { name: "nettle_product_option_product", table: "product_option", on: "(product_id)" },
  {
    name: "nettle_line_item_order_edit",
    table: "line_item",
    on: "(order_edit_id) where order_edit_id is not null",
  },
  { name: "nettle_tracking_link_fulfillment", table: "tracking_link", on: "(fulfillment_id)" },
  {
    name: "nettle_price_region",
    table: "money_amount",
    on: "(region_id, currency_code) where region_id is not null and deleted_at is null",
  },
];

/** All of them. */
export const ownIndexes: readonly OwnIndex[] = [
  ...substringIndexes,
  ...catalogueIndexes,
  ...relationIndexes,
];
