import type { Knex } from "knex";
import { newId } from "../../../src/database/new-id.ts";
import { insert, nextNumber, type Row } from "./insert.ts";
import { aRegion } from "./regions.ts";

interface DiscountAttributes extends Row {
  readonly code?: string;
  /** Ids of the regions where it is valid. */
  readonly regions?: readonly string[];
  readonly type?: "percentage" | "fixed" | "free_shipping";
  readonly value?: number;
  readonly allocation?: "total" | "item";
  readonly conditions?: readonly ConditionAttributes[];
}

interface ConditionAttributes {
  readonly type: keyof typeof CONDITION_TABLES;
  readonly operator?: "in" | "not_in";
  readonly ids: readonly string[];
}

/** Builds a discount of ten percent for everybody, valid in every region that exists. */
export async function aDiscount(knex: Knex, attributes: DiscountAttributes = {}) {
  const {
    regions = await knex("region").pluck("id"),
    type = "percentage",
    value = type === "free_shipping" ? 0 : 10,
    allocation = "total",
    conditions = [],
    ...columns
  } = attributes;
  const rule = await insert(knex, "discount_rule", { id: newId("dru"), type, value, allocation });
  const built: string[] = [];
  for (const condition of conditions) built.push(await aCondition(knex, rule.id, condition));
  const discount = await insert<{ code: string }>(knex, "discount", {
    id: newId("disc"),
    code: `CODE${nextNumber()}`,
    rule_id: rule.id,
    is_dynamic: false,
    is_disabled: false,
    starts_at: new Date("2020-01-01"),
    ...columns,
  });
  for (const region_id of regions)
    await knex("discount_regions").insert({ discount_id: discount.id, region_id });
  return { ...discount, conditions: built };
}

const CONDITION_TABLES = {
  products: ["discount_condition_product", "product_id"],
  product_types: ["discount_condition_product_type", "product_type_id"],
  product_tags: ["discount_condition_product_tag", "product_tag_id"],
  product_collections: ["discount_condition_product_collection", "product_collection_id"],
  customer_groups: ["discount_condition_customer_group", "customer_group_id"],
} as const;

async function aCondition(
  knex: Knex,
  discount_rule_id: string,
  { type, operator = "in", ids }: ConditionAttributes,
): Promise<string> {
  const row = { id: newId("discon"), type, operator, discount_rule_id };
  const { id } = await insert(knex, "discount_condition", row);
  const [table, column] = CONDITION_TABLES[type];
  for (const of of ids) await knex(table).insert({ condition_id: id, [column]: of });
  return id;
}

interface GiftCardAttributes extends Row {
  readonly value?: number;
  readonly balance?: number;
}

/** Builds a gift card with 50.00 on it, in a region of its own. */
export async function aGiftCard(
  knex: Knex,
  { value = 5000, balance = value, ...columns }: GiftCardAttributes = {},
) {
  return insert<{ code: string }>(knex, "gift_card", {
    id: newId("gift"),
    code: `CARD-${nextNumber()}`,
    value,
    balance,
    is_disabled: false,
    ...columns,
    region_id: columns["region_id"] ?? (await aRegion(knex)).id,
  });
}
