import jwt from "jsonwebtoken";
import type { Knex } from "knex";
import { newId } from "../../src/database/new-id.ts";
import { aCustomer, aProduct, aRegion } from "./builders.ts";

type Row = Record<string, unknown>;

async function insert(knex: Knex, table: string, row: Row): Promise<Row & { id: string }> {
  const [inserted] = await knex(table).insert(row).returning("*");
  return inserted;
}

/** A line: its columns, its tax rates in percent, what is taken off it. */
export interface LineItemAttributes extends Row {
  readonly rates?: readonly number[];
  readonly adjustments?: readonly {
    readonly amount: number;
    readonly discount_id: string | null;
  }[];
}

export interface OrderAttributes extends Row {
  readonly lines?: readonly LineItemAttributes[];
  /** Columns of the shipping method, with tax rates in percent; null for none. */
  readonly shipping?: LineItemAttributes | null;
  readonly address?: Row;
  /** Amounts. */
  readonly paid?: readonly number[];
  readonly refunded?: readonly number[];
  readonly discounts?: readonly string[];
}

/**
 * An order of a new customer: one piece at 10.00 € and shipping at 5.00 €, 19 and 10 percent, sent
 * to Berlin, paid 17.40 €.
 */
export async function anOrder(knex: Knex, attributes: OrderAttributes = {}) {
  const {
    lines = [{}],
    shipping = {},
    address = {},
    paid = [1740],
    refunded = [],
    discounts = [],
    ...columns
  } = attributes;
  const region_id = columns["region_id"] ?? (await aRegion(knex)).id;
  const customer_id = columns["customer_id"] ?? (await aCustomer(knex)).id;
  const shippingAddress = await insert(knex, "address", {
    id: newId("addr"),
    city: "Berlin",
    postal_code: "10115",
    country_code: "de",
    ...address,
  });
  const order = await insert(knex, "order", {
    id: newId("order"),
    email: "guest@example.com",
    currency_code: "eur",
    status: "pending",
    fulfillment_status: "not_fulfilled",
    payment_status: "captured",
    ...columns,
    region_id,
    customer_id,
    shipping_address_id: shippingAddress.id,
  });
  for (const line of lines) await aLineItem(knex, { order_id: order.id, ...line });
  if (shipping) await aShippingMethod(knex, String(region_id), { order_id: order.id, ...shipping });
  for (const amount of paid) await aPayment(knex, order.id, amount);
  for (const amount of refunded)
    await insert(knex, "refund", { id: newId("ref"), order_id: order.id, amount, reason: "other" });
  for (const discount_id of discounts)
    await knex("order_discounts").insert({ order_id: order.id, discount_id });
  return order as typeof order & { display_id: number; email: string; customer_id: string };
}

/**
 * A line of an order (or of a swap or claim): one piece at 10.00 €, 19 percent, of a variant of its
 * own.
 */
export async function aLineItem(
  knex: Knex,
  { rates = [19], adjustments = [], ...attributes }: LineItemAttributes = {},
) {
  const variant_id = attributes["variant_id"] ?? (await aProduct(knex)).variants[0]?.id;
  const line = await insert(knex, "line_item", {
    id: newId("item"),
    title: "Kettle",
    unit_price: 1000,
    quantity: 1,
    ...attributes,
    variant_id,
  });
  for (const rate of rates)
    await insert(knex, "line_item_tax_line", {
      id: newId("litl"),
      item_id: line.id,
      rate,
      name: "VAT",
      code: `vat${rate}`,
    });
  for (const adjustment of adjustments)
    await insert(knex, "line_item_adjustment", {
      id: newId("lia"),
      item_id: line.id,
      description: "discount",
      ...adjustment,
    });
  return line;
}

async function aShippingMethod(
  knex: Knex,
  region_id: string,
  { rates = [10], ...attributes }: LineItemAttributes,
) {
  const profile = await knex("shipping_profile").where({ type: "default" }).first("id");
  const option = await insert(knex, "shipping_option", {
    id: newId("so"),
    name: "Standard",
    region_id,
    profile_id: profile.id,
    provider_id: "manual",
    price_type: "flat_rate",
    amount: 500,
    data: {},
  });
  const method = await insert(knex, "shipping_method", {
    id: newId("sm"),
    shipping_option_id: option.id,
    price: 500,
    data: {},
    ...attributes,
  });
  for (const rate of rates)
    await insert(knex, "shipping_method_tax_line", {
      id: newId("smtl"),
      shipping_method_id: method.id,
      rate,
      name: "VAT",
      code: `vat${rate}`,
    });
}

const aPayment = (knex: Knex, order_id: string, amount: number) =>
  insert(knex, "payment", {
    id: newId("pay"),
    order_id,
    amount,
    currency_code: "eur",
    provider_id: "manual",
    data: {},
  });

/** A discount by its type: `fixed`, `percentage` or `free_shipping`. */
export async function aDiscount(knex: Knex, type: string, value = 0) {
  const rule = await insert(knex, "discount_rule", {
    id: newId("dru"),
    type,
    value,
    allocation: "total",
  });
  return insert(knex, "discount", {
    id: newId("disc"),
    code: newId("code"),
    rule_id: rule.id,
    is_dynamic: false,
    is_disabled: false,
  });
}

/** What a customer sends to be known, in a shop that opens with the usual secrets. */
export const asCustomer = (customerId: string) => ({
  authorization: `Bearer ${jwt.sign({ customer_id: customerId, domain: "store" }, "jwt-secret")}`,
});
