import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import { type Kind, type Refusal, referencesIn, referenceTo, type World } from "../kind.ts";
import type { Entry } from "../shop-file-schema.ts";
import { replaceLinks, saveRow } from "../write-tables.ts";

const defaults = {
  includes_tax: false,
  gift_cards_taxable: true,
  automatic_taxes: true,
  payment_providers: ["manual"],
  fulfillment_providers: ["manual"],
};

/** The regions, by name. */
export const regions: Kind<"regions", typeof defaults> = {
  section: "regions",
  noun: "region",
  identity: ["name"],
  defaults,
  keyOf: ({ name }) => name,
  labelOf: ({ name }) => `"${name}"`,
  read: (trx) =>
    query(
      trx,
      sql`select r.id, json_strip_nulls(json_build_object('name', r.name,
          'currency', r.currency_code,
          'countries', array(select iso_2 from country where region_id = r.id order by iso_2),
          'tax_rate', r.tax_rate, 'tax_code', r.tax_code, 'includes_tax', r.includes_tax,
          'gift_cards_taxable', r.gift_cards_taxable, 'automatic_taxes', r.automatic_taxes,
          'tax_provider', r.tax_provider_id,
          'payment_providers', array(select provider_id from region_payment_providers
            where region_id = r.id order by provider_id),
          'fulfillment_providers', array(select provider_id from region_fulfillment_providers
            where region_id = r.id order by provider_id))) as entry
        from region r where r.deleted_at is null order by r.created_at, r.id`,
    ),
  references: (region) => [
    ...referenceTo("currency", region.currency, "currency"),
    ...referenceTo("tax provider", region.tax_provider, "tax_provider"),
    ...referencesIn("payment provider", region.payment_providers, "payment_providers"),
    ...referencesIn("fulfillment provider", region.fulfillment_providers, "fulfillment_providers"),
  ],
  refusals: ({ name, countries }, _, world) =>
    countries.flatMap((country, index) => {
      const message = countryRefusal(name, country, world);
      return message ? [{ path: ["countries", index], message } satisfies Refusal] : [];
    }),
  write: async (trx, { id, entry }) => {
    const saved = await saveRow(trx, "region", { prefix: "reg", id }, columnsOf(entry));
    await writeLinks(trx, saved, entry);
    return saved;
  },
};

function columnsOf(entry: Entry<"regions">): Record<string, unknown> {
  return {
    name: entry.name,
    currency_code: entry.currency,
    tax_rate: entry.tax_rate,
    tax_code: entry.tax_code ?? null,
    includes_tax: entry.includes_tax,
    gift_cards_taxable: entry.gift_cards_taxable,
    automatic_taxes: entry.automatic_taxes,
    tax_provider_id: entry.tax_provider ?? null,
  };
}

async function writeLinks(
  trx: Knex,
  id: string,
  { countries, payment_providers, fulfillment_providers }: Entry<"regions"> & typeof defaults,
): Promise<void> {
  await trx("country")
    .where({ region_id: id })
    .whereNotIn("iso_2", countries)
    .update({ region_id: null });
  await trx("country").whereIn("iso_2", countries).update({ region_id: id });
  const link = (table: string) => ({ table, from: "region_id", to: "provider_id" });
  await replaceLinks(trx, link("region_payment_providers"), id, payment_providers);
  await replaceLinks(trx, link("region_fulfillment_providers"), id, fulfillment_providers);
}

/** A country belongs to one region at most. */
function countryRefusal(region: string, country: string, world: World): string | undefined {
  if (!world.countryCodes.has(country)) return `there is no country "${country}"`;
  const other = [...world.regions.values()].find(
    ({ name, countries }) => name !== region && countries.includes(country),
  );
  return other && `${country} belongs to the region "${other.name}" too`;
}
