import type { Knex } from "knex";
import { newId } from "../../src/database/new-id.ts";

type Row = Record<string, unknown>;
type InsertedRow = Promise<Row & { id: string }>;

let counted = 0;
const next = () => ++counted;

async function insert(knex: Knex, table: string, row: Row): InsertedRow {
  const [inserted] = await knex(table).insert(row).returning("*");
  return inserted;
}

/** A category, active and public, ranked behind those that are there. */
export async function aProductCategory(
  knex: Knex,
  { parent, ...attributes }: Row & { parent?: { id: string; mpath: string } } = {},
): Promise<Row & { id: string; mpath: string }> {
  const number = next();
  const id = newId("pcat");
  const mpath = `${parent?.mpath ?? ""}${id}.`;
  const made = await insert(knex, "product_category", {
    id,
    name: `Category ${number}`,
    handle: `category-${number}`,
    parent_category_id: parent?.id ?? null,
    mpath,
    is_active: true,
    rank: number,
    ...attributes,
  });
  return { ...made, mpath };
}

/** A collection of products. */
export function aProductCollection(knex: Knex, attributes: Row = {}): InsertedRow {
  const number = next();
  return insert(knex, "product_collection", {
    id: newId("pcol"),
    title: `Collection ${number}`,
    handle: `collection-${number}`,
    ...attributes,
  });
}

/** A tag or a type of products. */
export const aProductTag = (knex: Knex, attributes: Row = {}): InsertedRow =>
  insert(knex, "product_tag", { id: newId("ptag"), value: `tag-${next()}`, ...attributes });
export const aProductType = (knex: Knex, attributes: Row = {}): InsertedRow =>
  insert(knex, "product_type", { id: newId("ptyp"), value: `type-${next()}`, ...attributes });

/** A shipping option of a region: 5.00, flat rate, of the default profile. */
export async function aShippingOption(
  knex: Knex,
  regionId: string,
  attributes: Row = {},
): InsertedRow {
  const profile = await knex("shipping_profile").where({ type: "default" }).first("id");
  return insert(knex, "shipping_option", {
    id: newId("so"),
    name: `Option ${next()}`,
    region_id: regionId,
    profile_id: profile.id,
    provider_id: "manual",
    price_type: "flat_rate",
    amount: 500,
    data: { id: "manual-fulfillment" },
    ...attributes,
  });
}

/** A tax rate of a region, in percent. */
export const aTaxRate = (knex: Knex, regionId: string, attributes: Row = {}): InsertedRow =>
  insert(knex, "tax_rate", {
    id: newId("txr"),
    region_id: regionId,
    name: `Rate ${next()}`,
    rate: 10,
    code: "r",
    ...attributes,
  });

/** A gift card of a region worth 50.00. */
export const aGiftCard = (knex: Knex, regionId: string, attributes: Row = {}): InsertedRow =>
  insert(knex, "gift_card", {
    id: newId("gift"),
    code: `CARD-${next()}`,
    value: 5000,
    balance: 5000,
    region_id: regionId,
    ...attributes,
  });

/** A return reason. */
export const aReturnReason = (knex: Knex, attributes: Row = {}): InsertedRow => {
  const number = next();
  return insert(knex, "return_reason", {
    id: newId("rr"),
    value: `reason_${number}`,
    label: `Reason ${number}`,
    ...attributes,
  });
};
