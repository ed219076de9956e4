import type { Knex } from "knex";
import * as regionsAndTaxes from "./0010-regions-and-taxes.ts";
import * as storesAndChannels from "./0020-stores-and-channels.ts";
import * as products from "./0030-products.ts";
import * as prices from "./0040-prices.ts";
import * as customers from "./0050-customers.ts";
import * as discountsAndGiftCards from "./0060-discounts-and-gift-cards.ts";
import * as shipping from "./0070-shipping.ts";
import * as carts from "./0080-carts.ts";
import * as payments from "./0090-payments.ts";
import * as orders from "./0100-orders.ts";
import * as returnsSwapsAndClaims from "./0110-returns-swaps-and-claims.ts";
import * as administration from "./0120-administration.ts";
import * as catalogueForeignKeys from "./0130-catalogue-foreign-keys.ts";
import * as salesForeignKeys from "./0140-sales-foreign-keys.ts";
import * as searchIndexes from "./0150-search-indexes.ts";
import * as medusaMigrations from "./0160-medusa-migrations.ts";
import * as currencies from "./0170-currencies.ts";
import * as countries from "./0180-countries.ts";
import * as store from "./0190-store.ts";

/** A step forward of the schema. Its name is what the database remembers, so it never changes once released. */
export interface Migration {
  name: string;
  up: (knex: Knex) => Promise<void>;
  /** Not in a transaction, for what PostgreSQL refuses in one, such as `create index concurrently`. */
  config?: { transaction: false };
}

/** The schema of Medusa 1.20.11: built on an empty database, found on one that Medusa built. */
export const baselineMigrations: readonly Migration[] = [
  { name: "0010-regions-and-taxes", ...regionsAndTaxes },
  { name: "0020-stores-and-channels", ...storesAndChannels },
  { name: "0030-products", ...products },
  { name: "0040-prices", ...prices },
  { name: "0050-customers", ...customers },
  { name: "0060-discounts-and-gift-cards", ...discountsAndGiftCards },
  { name: "0070-shipping", ...shipping },
  { name: "0080-carts", ...carts },
  { name: "0090-payments", ...payments },
  { name: "0100-orders", ...orders },
  { name: "0110-returns-swaps-and-claims", ...returnsSwapsAndClaims },
  { name: "0120-administration", ...administration },
  { name: "0130-catalogue-foreign-keys", ...catalogueForeignKeys },
  { name: "0140-sales-foreign-keys", ...salesForeignKeys },
  { name: "0150-search-indexes", ...searchIndexes },
  { name: "0160-medusa-migrations", ...medusaMigrations },
];

/** What is added to it, on either, one after another. */
export const laterMigrations: readonly Migration[] = [
  { name: "0170-currencies", ...currencies },
  { name: "0180-countries", ...countries },
  { name: "0190-store", ...store },
];
