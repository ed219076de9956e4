import type { Knex } from "knex";
import { newId } from "../../../src/database/new-id.ts";
import { type InsertedRow, insert, nextNumber, type Row } from "./insert.ts";

export interface RegionAttributes extends Row {
  /** Country codes (ISO 2). A country moves to the region that names it last. */
  readonly countries?: readonly string[];
  /** Provider ids. */
  readonly payment_providers?: readonly string[];
  /** Provider ids. */
  readonly fulfillment_providers?: readonly string[];
}

/** Builds a region: euro, 19 percent, automatic taxes, manual providers, no country. */
export async function aRegion(
  knex: Knex,
  {
    countries = [],
    payment_providers = ["manual"],
    fulfillment_providers = ["manual"],
    ...columns
  }: RegionAttributes = {},
): Promise<InsertedRow> {
  const region = await insert(knex, "region", {
    id: newId("reg"),
    name: `Region ${nextNumber()}`,
    currency_code: "eur",
    tax_rate: 19,
    ...columns,
  });
  await knex("country").whereIn("iso_2", countries).update({ region_id: region.id });
  await setPaymentProviders(knex, region.id, payment_providers);
  for (const provider_id of fulfillment_providers)
    await knex("region_fulfillment_providers").insert({ region_id: region.id, provider_id });
  return region;
}

/** Lets a region be paid by these providers and by no other. */
export async function setPaymentProviders(
  knex: Knex,
  region_id: string,
  providers: readonly string[],
): Promise<void> {
  await knex("region_payment_providers").where({ region_id }).delete();
  for (const provider_id of providers)
    await knex("region_payment_providers").insert({ region_id, provider_id });
}

/** Builds a shipping option of the default profile: 5.00, flat rate, in a region of its own. */
export async function aShippingOption(knex: Knex, attributes: Row = {}): Promise<InsertedRow> {
  const region_id = attributes["region_id"] ?? (await aRegion(knex)).id;
  const profile = await knex("shipping_profile").where({ type: "default" }).first("id");
  return insert(knex, "shipping_option", {
    id: newId("so"),
    name: "Standard",
    profile_id: profile.id,
    provider_id: "manual",
    price_type: "flat_rate",
    amount: 500,
    data: { id: "manual-fulfillment" },
    ...attributes,
    region_id,
  });
}

interface TaxRateAttributes extends Row {
  /** Ids of what is taxed at this rate instead of the region's. */
  readonly products?: readonly string[];
  readonly shipping_options?: readonly string[];
}

/** Builds a tax rate of 10 percent, in a region of its own. */
export async function aTaxRate(
  knex: Knex,
  { products = [], shipping_options = [], ...columns }: TaxRateAttributes = {},
): Promise<InsertedRow> {
  const rate = await insert(knex, "tax_rate", {
    id: newId("txr"),
    name: `Rate ${nextNumber()}`,
    rate: 10,
    code: "r",
    ...columns,
    region_id: columns["region_id"] ?? (await aRegion(knex)).id,
  });
  for (const product_id of products)
    await knex("product_tax_rate").insert({ product_id, rate_id: rate.id });
  for (const shipping_option_id of shipping_options)
    await knex("shipping_tax_rate").insert({ shipping_option_id, rate_id: rate.id });
  return rate;
}
