import type { MedusaPlace } from "./build-shop.ts";
import { seedInAdmin } from "./seed-in-admin.ts";

/** A kind of database that is taken over. */
export interface ShopKind {
  readonly name: string;
  /** Whether Medusa's feature flags are on. */
  readonly featureFlags: boolean;
  /** A file of SQL that fills the database once Medusa has migrated it. */
  readonly filledBy?: string;
  /** Fills the shop through Medusa's own Admin API and Store API. */
  readonly seed?: (medusa: MedusaPlace) => Promise<void>;
  /** What `nettle doctor --takeover` must say. */
  readonly findings: readonly RegExp[];
}

const flagsAreThere = [
  /^feature flag sales_channels: its tables and columns are there/,
  /^feature flag tax_inclusive_pricing: its tables and columns are there/,
];

/** The kinds of databases, by the names that a user gives them. */
export const shopKinds = {
  shop: { name: "shop", featureFlags: true, seed: seedInAdmin, findings: flagsAreThere },
  "flags-off": {
    name: "flags-off",
    featureFlags: false,
    seed: seedInAdmin,
    findings: [
      /^feature flag sales_channels: it is off/,
      /^feature flag tax_inclusive_pricing: it is off/,
    ],
  },
  plugin: {
    name: "plugin",
    featureFlags: true,
    filledBy: "test/medusa/takeover/plugin.sql",
    seed: seedInAdmin,
    findings: [
      ...flagsAreThere,
      /^tables that are not Medusa's: wishlist /,
      /^columns that are not Medusa's: order\.erp_number, product\.rating /,
      /^other schemas: reviews /,
    ],
  },
  large: {
    name: "large",
    featureFlags: true,
    filledBy: "bench/large-shop.sql",
    findings: [...flagsAreThere, /^sizes: .*about 20,000 rows in product, about 100,000 rows in/],
  },
} as const satisfies Readonly<Record<string, ShopKind>>;
