import type { Knex } from "knex";
import { up as regionsAndTaxes } from "./0010-regions-and-taxes.ts";
import { up as storesAndChannels } from "./0020-stores-and-channels.ts";
import { up as products } from "./0030-products.ts";
import { up as prices } from "./0040-prices.ts";
import { up as customers } from "./0050-customers.ts";
import { up as discountsAndGiftCards } from "./0060-discounts-and-gift-cards.ts";
import { up as shipping } from "./0070-shipping.ts";
import { up as carts } from "./0080-carts.ts";
import { up as payments } from "./0090-payments.ts";
import { up as orders } from "./0100-orders.ts";
import { up as returnsSwapsAndClaims } from "./0110-returns-swaps-and-claims.ts";
import { up as administration } from "./0120-administration.ts";
import { up as catalogueForeignKeys } from "./0130-catalogue-foreign-keys.ts";
import { up as salesForeignKeys } from "./0140-sales-foreign-keys.ts";
import { up as searchIndexes } from "./0150-search-indexes.ts";
import { up as medusaMigrations } from "./0160-medusa-migrations.ts";
import { up as currencies } from "./0170-currencies.ts";
import { up as countries } from "./0180-countries.ts";
import { up as store } from "./0190-store.ts";
import { up as sessions } from "./1000-sessions.ts";
import { up as passwordChanges } from "./1010-password-changes.ts";
import { up as outbox } from "./1020-outbox.ts";
import { up as productSearch } from "./1100-product-search.ts";
import { up as productSearchFill } from "./1110-product-search-fill.ts";
import { up as substringIndexes } from "./1120-substring-indexes.ts";
import { up as catalogueIndexes } from "./1130-catalogue-indexes.ts";
import { up as checkouts } from "./1200-checkouts.ts";
import { up as checkoutTries } from "./1210-checkout-tries.ts";
import { up as discountUses } from "./1220-discount-uses.ts";
import { up as authorizations } from "./1240-authorizations.ts";
import { up as cartLock } from "./1250-cart-lock.ts";
import { up as fences } from "./1260-fences.ts";
import { up as providerCustomers } from "./1300-provider-customers.ts";
import { up as paymentReleases } from "./1320-payment-releases.ts";
import { up as unpaidGiftCards } from "./1321-unpaid-gift-cards.ts";
import { up as lostShipping } from "./1360-lost-shipping.ts";
import { up as searchMarkBound } from "./1380-search-mark-bound.ts";
import { up as catalogueNotifications } from "./1440-catalogue-notifications.ts";
import { up as relationIndexes } from "./1460-relation-indexes.ts";
import { up as weakerLocks } from "./1470-weaker-locks.ts";
import { up as unfollowedSessions } from "./1480-unfollowed-sessions.ts";
import { up as largeAmounts } from "./1490-large-amounts.ts";
import { up as deliveries } from "./1520-deliveries.ts";
import { up as webhooks } from "./1521-webhooks.ts";
import { up as requestIds } from "./1530-request-ids.ts";
import { up as adoption } from "./1540-adoption.ts";
import { up as searchMarkCount } from "./1550-search-mark-count.ts";

/** A migration of the schema. The database stores its name, so a released name never changes. */
export interface Migration {
  name: string;
  up: (knex: Knex) => Promise<void>;
  /** Runs outside a transaction, for example for `create index concurrently`. */
  config?: { transaction: false };
}

/** The schema of Medusa 1.20.11: run on an empty database, skipped on one that Medusa built. */
export const baselineMigrations: readonly Migration[] = [
  { name: "0010-regions-and-taxes", up: regionsAndTaxes },
  { name: "0020-stores-and-channels", up: storesAndChannels },
  { name: "0030-products", up: products },
  { name: "0040-prices", up: prices },
  { name: "0050-customers", up: customers },
  { name: "0060-discounts-and-gift-cards", up: discountsAndGiftCards },
  { name: "0070-shipping", up: shipping },
  { name: "0080-carts", up: carts },
  { name: "0090-payments", up: payments },
  { name: "0100-orders", up: orders },
  { name: "0110-returns-swaps-and-claims", up: returnsSwapsAndClaims },
  { name: "0120-administration", up: administration },
  { name: "0130-catalogue-foreign-keys", up: catalogueForeignKeys },
  { name: "0140-sales-foreign-keys", up: salesForeignKeys },
  { name: "0150-search-indexes", up: searchIndexes },
  { name: "0160-medusa-migrations", up: medusaMigrations },
];

/** Additions to that schema, run in this order on either kind of database. */
export const laterMigrations: readonly Migration[] = [
  { name: "0170-currencies", up: currencies },
  { name: "0180-countries", up: countries },
  { name: "0190-store", up: store },
  { name: "1000-sessions", up: sessions },
  { name: "1010-password-changes", up: passwordChanges },
  { name: "1020-outbox", up: outbox },
  { name: "1100-product-search", up: productSearch, config: { transaction: false } },
  { name: "1110-product-search-fill", up: productSearchFill, config: { transaction: false } },
  { name: "1120-substring-indexes", up: substringIndexes, config: { transaction: false } },
  { name: "1130-catalogue-indexes", up: catalogueIndexes, config: { transaction: false } },
  { name: "1200-checkouts", up: checkouts },
  { name: "1210-checkout-tries", up: checkoutTries },
  { name: "1220-discount-uses", up: discountUses, config: { transaction: false } },
  { name: "1240-authorizations", up: authorizations },
  { name: "1250-cart-lock", up: cartLock },
  { name: "1260-fences", up: fences },
  { name: "1300-provider-customers", up: providerCustomers },
  { name: "1320-payment-releases", up: paymentReleases },
  { name: "1321-unpaid-gift-cards", up: unpaidGiftCards },
  { name: "1360-lost-shipping", up: lostShipping },
  { name: "1380-search-mark-bound", up: searchMarkBound },
  {
    name: "1440-catalogue-notifications",
    up: catalogueNotifications,
    config: { transaction: false },
  },
  { name: "1460-relation-indexes", up: relationIndexes, config: { transaction: false } },
  { name: "1470-weaker-locks", up: weakerLocks },
  { name: "1480-unfollowed-sessions", up: unfollowedSessions },
  { name: "1490-large-amounts", up: largeAmounts },
  { name: "1520-deliveries", up: deliveries },
  { name: "1521-webhooks", up: webhooks },
  { name: "1530-request-ids", up: requestIds },
  { name: "1540-adoption", up: adoption },
  { name: "1550-search-mark-count", up: searchMarkCount },
];
