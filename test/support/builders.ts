import type { Knex } from "knex";
import { newId } from "../../src/database/new-id.ts";

type Row = Record<string, unknown>;

/**
 * Puts a row into a table and gives it back as it now stands; what a story does not care about is
 * filled in.
 */
async function insert(knex: Knex, table: string, row: Row): Promise<Row & { id: string }> {
  const [inserted] = await knex(table).insert(row).returning("*");
  return inserted;
}

let counted = 0;
const next = () => ++counted;

interface RegionAttributes extends Row {
  /** Country codes (ISO 2). */
  readonly countries?: readonly string[];
}

/** A region: euro, 19 percent, automatic taxes, manual providers. */
export async function aRegion(
  knex: Knex,
  { countries = [], ...attributes }: RegionAttributes = {},
) {
  const region = await insert(knex, "region", {
    id: newId("reg"),
    name: `Region ${next()}`,
    currency_code: "eur",
    tax_rate: 19,
    ...attributes,
  });
  if (countries.length > 0)
    await knex("country").whereIn("iso_2", countries).update({ region_id: region.id });
  await knex("region_payment_providers").insert({ region_id: region.id, provider_id: "manual" });
  await knex("region_fulfillment_providers").insert({
    region_id: region.id,
    provider_id: "manual",
  });
  return region;
}

/**
 * A price: an amount in the smallest unit and its currency; perhaps of a region, a quantity or a
 * price list.
 */
export interface PriceAttributes extends Row {
  readonly amount: number;
  readonly currency_code?: string;
}

interface VariantAttributes extends Row {
  readonly prices?: readonly PriceAttributes[];
}

interface ProductAttributes extends Row {
  readonly variants?: readonly VariantAttributes[];
  readonly tags?: readonly string[];
  readonly categories?: readonly string[];
  /** Sales channels; the shop's default one unless named. */
  readonly channels?: readonly string[];
}

/** A published product of the default channel with one variant at 10.00 €. */
export async function aProduct(
  knex: Knex,
  { variants = [{}], tags = [], categories = [], channels, ...attributes }: ProductAttributes = {},
) {
  const number = next();
  const product = await insert(knex, "product", {
    id: newId("prod"),
    title: `Product ${number}`,
    handle: `product-${number}`,
    status: "published",
    ...attributes,
  });
  for (const channel of channels ?? [await defaultSalesChannelId(knex)]) {
    await knex("product_sales_channel").insert({
      product_id: product.id,
      sales_channel_id: channel,
    });
  }
  const profile = await knex("shipping_profile").where({ type: "default" }).first("id");
  await knex("product_shipping_profile").insert({ product_id: product.id, profile_id: profile.id });
  for (const tag of tags)
    await knex("product_tags").insert({ product_id: product.id, product_tag_id: tag });
  for (const category of categories)
    await knex("product_category_product").insert({
      product_id: product.id,
      product_category_id: category,
    });
  const built = [];
  for (const variant of variants) built.push(await aVariant(knex, product.id, variant));
  return { ...product, variants: built };
}

/** A variant of a product: ten in stock, 10.00 €. */
export async function aVariant(
  knex: Knex,
  productId: string,
  { prices = [{ amount: 1000 }], ...attributes }: VariantAttributes = {},
) {
  const number = next();
  const variant = await insert(knex, "product_variant", {
    id: newId("variant"),
    product_id: productId,
    title: `Variant ${number}`,
    sku: `SKU-${number}`,
    inventory_quantity: 10,
    ...attributes,
  });
  for (const price of prices) await aPrice(knex, variant.id, price);
  return variant;
}

/** A hash of "correct-horse" as Medusa stores it. */
const PASSWORD_HASH =
  "c2NyeXB0AAEAAAABAAAAAXMpgap4CiM7m57DugonfI2XI7BMsXUaLBrRS1L6IYy6ObhHfIWJXQyMOVVRSOpyvBzgrB3hdImUKobRDBp5ImVsWs+wmbKE7tZH3C52NTMf";

/** A customer with an account and the password "correct-horse", stored as Medusa stores it. */
export function aCustomer(knex: Knex, attributes: Row = {}) {
  const email = `customer-${next()}@example.com`;
  return insert(knex, "customer", {
    id: newId("cus"),
    email,
    password_hash: PASSWORD_HASH,
    has_account: true,
    ...attributes,
  });
}

/** A price of a variant. */
export async function aPrice(knex: Knex, variantId: string, attributes: PriceAttributes) {
  const price = await insert(knex, "money_amount", {
    id: newId("ma"),
    currency_code: "eur",
    ...attributes,
  });
  await knex("product_variant_money_amount").insert({
    id: newId("pvma"),
    variant_id: variantId,
    money_amount_id: price.id,
  });
  return price;
}

/** The id of the shop's default sales channel. */
export async function defaultSalesChannelId(knex: Knex): Promise<string> {
  const store = await knex("store").first("default_sales_channel_id");
  return store.default_sales_channel_id;
}

/** A sales channel beside the default one. */
export const aSalesChannel = (knex: Knex, attributes: Row = {}) =>
  insert(knex, "sales_channel", { id: newId("sc"), name: `Channel ${next()}`, ...attributes });

/** A publishable key that opens the given channels. */
export async function aPublishableKey(
  knex: Knex,
  channels: readonly string[],
  attributes: Row = {},
) {
  const key = await insert(knex, "publishable_api_key", {
    id: newId("pk"),
    title: `Key ${next()}`,
    ...attributes,
  });
  for (const channel of channels) {
    await knex("publishable_api_key_sales_channel").insert({
      id: newId("pksc"),
      publishable_key_id: key.id,
      sales_channel_id: channel,
    });
  }
  return key;
}
