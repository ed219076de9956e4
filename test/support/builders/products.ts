import type { Knex } from "knex";
import { newId } from "../../../src/database/new-id.ts";
import { type InsertedRow, insert, nextNumber, type Row } from "./insert.ts";
import { defaultSalesChannelId } from "./sales-channels.ts";

/** An amount in the smallest unit of its currency, perhaps for a region, quantity or price list. */
interface PriceAttributes extends Row {
  readonly amount?: number;
  readonly currency_code?: string;
}

interface VariantAttributes extends Row {
  readonly prices?: readonly PriceAttributes[];
}

interface ProductAttributes extends Row {
  readonly variants?: readonly VariantAttributes[];
  /** Ids. */
  readonly tags?: readonly string[];
  /** Ids. */
  readonly categories?: readonly string[];
  /** Ids of sales channels. */
  readonly channels?: readonly string[];
}

/** Builds a published product of the default sales channel with one variant. */
export async function aProduct(
  knex: Knex,
  { variants = [{}], tags = [], categories = [], channels, ...columns }: ProductAttributes = {},
) {
  const number = nextNumber();
  const product = await insert<{ title: string }>(knex, "product", {
    id: newId("prod"),
    title: `Product ${number}`,
    handle: `product-${number}`,
    status: "published",
    ...columns,
  });
  const product_id = product.id;
  for (const sales_channel_id of channels ?? [await defaultSalesChannelId(knex)])
    await knex("product_sales_channel").insert({ product_id, sales_channel_id });
  const profile = await knex("shipping_profile").where({ type: "default" }).first("id");
  await knex("product_shipping_profile").insert({ product_id, profile_id: profile.id });
  for (const product_tag_id of tags)
    await knex("product_tags").insert({ product_id, product_tag_id });
  for (const product_category_id of categories)
    await knex("product_category_product").insert({ product_id, product_category_id });
  const built: InsertedRow[] = [];
  for (const variant of variants) built.push(await aVariant(knex, { ...variant, product_id }));
  return { ...product, variants: built };
}

/** Builds a variant with 10 in stock at 10.00 €, of a product of its own. */
export async function aVariant(
  knex: Knex,
  { prices = [{}], ...columns }: VariantAttributes = {},
): Promise<InsertedRow> {
  const number = nextNumber();
  const variant = await insert(knex, "product_variant", {
    id: newId("variant"),
    title: `Variant ${number}`,
    sku: `SKU-${number}`,
    inventory_quantity: 10,
    ...columns,
    product_id: columns["product_id"] ?? (await aProduct(knex, { variants: [] })).id,
  });
  for (const price of prices) await aPrice(knex, { ...price, variant_id: variant.id });
  return variant;
}

/** Builds a price of 10.00 €, of a variant of its own. */
export async function aPrice(
  knex: Knex,
  { variant_id, ...columns }: PriceAttributes & { readonly variant_id?: string } = {},
): Promise<InsertedRow> {
  const price = await insert(knex, "money_amount", {
    id: newId("ma"),
    currency_code: "eur",
    amount: 1000,
    ...columns,
  });
  await insert(knex, "product_variant_money_amount", {
    id: newId("pvma"),
    variant_id: variant_id ?? (await aVariant(knex, { prices: [] })).id,
    money_amount_id: price.id,
  });
  return price;
}

interface PriceListAttributes extends Row {
  /** Ids of the groups that it is for; everybody if there is none. */
  readonly customer_groups?: readonly string[];
  readonly prices?: readonly (PriceAttributes & { readonly variant_id?: string })[];
}

/** Builds an active price list. */
export async function aPriceList(
  knex: Knex,
  { customer_groups = [], prices = [], ...columns }: PriceListAttributes = {},
): Promise<InsertedRow> {
  const list = await insert(knex, "price_list", {
    id: newId("pl"),
    name: `Price list ${nextNumber()}`,
    description: "",
    type: "sale",
    status: "active",
    ...columns,
  });
  for (const customer_group_id of customer_groups)
    await knex("price_list_customer_groups").insert({ price_list_id: list.id, customer_group_id });
  for (const price of prices) await aPrice(knex, { ...price, price_list_id: list.id });
  return list;
}

interface CategoryAttributes extends Row {
  readonly parent?: { readonly id: string; readonly mpath: string };
}

/** Builds a category, active and public, ranked after those that exist. */
export function aProductCategory(knex: Knex, { parent, ...columns }: CategoryAttributes = {}) {
  const number = nextNumber();
  const id = newId("pcat");
  return insert<{ mpath: string }>(knex, "product_category", {
    id,
    name: `Category ${number}`,
    handle: `category-${number}`,
    parent_category_id: parent?.id ?? null,
    mpath: `${parent?.mpath ?? ""}${id}.`,
    is_active: true,
    rank: number,
    ...columns,
  });
}

/** Builds a collection of products. */
export function aProductCollection(knex: Knex, attributes: Row = {}): Promise<InsertedRow> {
  const number = nextNumber();
  return insert(knex, "product_collection", {
    id: newId("pcol"),
    title: `Collection ${number}`,
    handle: `collection-${number}`,
    ...attributes,
  });
}

/** Builds a tag of products. */
export const aProductTag = (knex: Knex, attributes: Row = {}): Promise<InsertedRow> =>
  insert(knex, "product_tag", { id: newId("ptag"), value: `tag-${nextNumber()}`, ...attributes });

/** Builds a type of products. */
export const aProductType = (knex: Knex, attributes: Row = {}): Promise<InsertedRow> =>
  insert(knex, "product_type", { id: newId("ptyp"), value: `type-${nextNumber()}`, ...attributes });
