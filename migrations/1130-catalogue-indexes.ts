import type { Knex } from "knex";
import { buildConcurrently } from "./build-concurrently.ts";

const published = "where deleted_at is null and status = 'published'";

/**
 * Builds the indexes by which the first page of a product list, or of one of its filters, is read
 * without reading every product.
 */
export const up = (knex: Knex): Promise<void> =>
  buildConcurrently(knex, [
    { name: "nettle_product_newest", on: `product (created_at desc, id desc) ${published}` },
    { name: "nettle_product_title", on: `product (title, id) ${published}` },
    {
      name: "nettle_product_collection",
      on: `product (collection_id, created_at desc, id desc) ${published}`,
    },
    { name: "nettle_product_type", on: `product (type_id, created_at desc, id desc) ${published}` },
    {
      name: "nettle_price_amount",
      on: "money_amount (currency_code, amount) where deleted_at is null",
    },
    {
      name: "nettle_option_value",
      on: "product_option_value (lower(value)) where deleted_at is null",
    },
  ]);
