import type { Knex } from "knex";
import { newId } from "../../src/database/new-id.ts";

type Row = Record<string, unknown>;

async function insert(knex: Knex, table: string, row: Row): Promise<Row & { id: string }> {
  const [inserted] = await knex(table).insert(row).returning("*");
  return inserted;
}

interface DiscountAttributes extends Row {
  readonly code: string;
  readonly regions: readonly string[];
  readonly type?: "percentage" | "fixed" | "free_shipping";
  readonly value?: number;
  readonly allocation?: "total" | "item";
  /** What its rule is for, by the kind of thing. */
  readonly conditions?: readonly {
    readonly type: string;
    readonly operator: "in" | "not_in";
    readonly ids: readonly string[];
  }[];
}

/** A discount: ten percent for everybody in the regions. */
export async function aDiscount(knex: Knex, attributes: DiscountAttributes) {
  const {
    regions,
    type = "percentage",
    value = 10,
    allocation = "total",
    conditions = [],
    ...columns
  } = attributes;
  const rule = await insert(knex, "discount_rule", { id: newId("dru"), type, value, allocation });
  for (const condition of conditions) await aDiscountCondition(knex, rule.id, condition);
  const discount = await insert(knex, "discount", {
    id: newId("disc"),
    rule_id: rule.id,
    is_dynamic: false,
    is_disabled: false,
    starts_at: new Date("2020-01-01"),
    ...columns,
  });
  for (const region_id of regions)
    await knex("discount_regions").insert({ discount_id: discount.id, region_id });
  return discount;
}

const CONDITION_TABLES: Readonly<Record<string, readonly [table: string, column: string]>> = {
  products: ["discount_condition_product", "product_id"],
  product_types: ["discount_condition_product_type", "product_type_id"],
  product_tags: ["discount_condition_product_tag", "product_tag_id"],
  product_collections: ["discount_condition_product_collection", "product_collection_id"],
  customer_groups: ["discount_condition_customer_group", "customer_group_id"],
};

async function aDiscountCondition(
  knex: Knex,
  ruleId: string,
  { type, operator, ids }: NonNullable<DiscountAttributes["conditions"]>[number],
) {
  const condition = await insert(knex, "discount_condition", {
    id: newId("discon"),
    type,
    operator,
    discount_rule_id: ruleId,
  });
  const [table, column] = CONDITION_TABLES[type]!;
  for (const id of ids) await knex(table).insert({ condition_id: condition.id, [column]: id });
}

/** A gift card of a region with 20.00 on it. */
export const aGiftCard = (knex: Knex, attributes: Row) =>
  insert(knex, "gift_card", {
    id: newId("gift"),
    code: newId("CARD"),
    value: 2000,
    balance: 2000,
    is_disabled: false,
    ...attributes,
  });

/** A shipping option of a region at 5.00, for the default profile. */
export async function aShippingOption(knex: Knex, attributes: Row) {
  const profile = await knex("shipping_profile").where({ type: "default" }).first("id");
  return insert(knex, "shipping_option", {
    id: newId("so"),
    name: "Standard",
    profile_id: profile.id,
    provider_id: "manual",
    price_type: "flat_rate",
    amount: 500,
    is_return: false,
    admin_only: false,
    data: {},
    ...attributes,
  });
}

/** A payment session of the manual provider, selected. */
export const aPaymentSession = (knex: Knex, cartId: string, amount: number) =>
  insert(knex, "payment_session", {
    id: newId("ps"),
    cart_id: cartId,
    provider_id: "manual",
    is_selected: true,
    is_initiated: true,
    status: "pending",
    data: {},
    amount,
  });
