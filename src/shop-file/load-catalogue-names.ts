import type { Knex } from "knex";
import { query, raw, sql } from "../database/sql.ts";
import type { Reference } from "./kind.ts";
import type { CatalogueNoun, Names, ProviderNoun } from "./names.ts";

/** Where the rows are that a shop file names and does not change, and the column of the name. */
const places: Record<CatalogueNoun, readonly [table: string, column: string]> = {
  product: ["product", "handle"],
  "product type": ["product_type", "value"],
  "product collection": ["product_collection", "handle"],
  "product tag": ["product_tag", "value"],
  variant: ["product_variant", "sku"],
};

/** Returns whether something belongs to the products. */
export function isCatalogueNoun(noun: string): noun is CatalogueNoun {
  return Object.hasOwn(places, noun);
}

/** Looks up what references name of the catalogue. */
export async function loadCatalogueNames(
  trx: Knex,
  references: readonly Reference[],
  names: Names,
): Promise<void> {
  for (const noun of Object.keys(places).filter(isCatalogueNoun)) {
    const [table, column] = places[noun];
    const ofNoun = references.filter((one) => one.noun === noun);
    const listed = [...new Set(ofNoun.map(({ name }) => name))];
    if (listed.length === 0) continue;
    const rows = await query<{ id: string; name: string }>(
      trx,
      sql`select id, ${raw(column)} as name from ${raw(table)}
        where ${raw(column)} = any(${listed}) and deleted_at is null`,
    );
    for (const { id, name } of rows) names.set(noun, name, id);
  }
}

/** The ids of providers by kind. */
export type ProviderIds = Readonly<Record<ProviderNoun, readonly string[]>>;

/** Remembers the providers that are installed, and those of the settings. */
export async function loadProviderNames(
  trx: Knex,
  configured: ProviderIds,
  names: Names,
): Promise<void> {
  const rows = await query<{ noun: ProviderNoun; id: string }>(
    trx,
    sql`select 'payment provider' as noun, id from payment_provider where is_installed
      union all select 'fulfillment provider', id from fulfillment_provider where is_installed
      union all select 'tax provider', id from tax_provider where is_installed`,
  );
  for (const { noun, id } of rows) names.set(noun, id, id);
  for (const noun of ["payment provider", "fulfillment provider", "tax provider"] as const)
    for (const id of configured[noun]) names.set(noun, id, id);
}
