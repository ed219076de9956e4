import type { Knex } from "knex";
import { newId } from "../../../src/database/new-id.ts";
import { aCustomer, anAddress } from "./customers.ts";
import { type InsertedRow, insert, nextNumber, type Row } from "./insert.ts";
import { aProduct } from "./products.ts";
import { aRegion, aShippingOption } from "./regions.ts";

/** The columns of a line item or shipping method, and what reduces or taxes it. */
export interface LineItemAttributes extends Row {
  /** Tax rates in percent. */
  readonly rates?: readonly number[];
  readonly adjustments?: readonly {
    readonly amount: number;
    readonly discount_id: string | null;
  }[];
}

export interface OrderAttributes extends Row {
  readonly lines?: readonly LineItemAttributes[];
  /** The shipping method; null for none. */
  readonly shipping?: LineItemAttributes | null;
  readonly address?: Row;
  /** The amounts of its payments. */
  readonly paid?: readonly number[];
  /** The amounts of its refunds. */
  readonly refunded?: readonly number[];
  /** Ids. */
  readonly discounts?: readonly string[];
}

interface OrderColumns {
  readonly display_id: number;
  readonly email: string;
  readonly customer_id: string;
  readonly region_id: string;
}

/**
 * Builds an order of a new customer in a region of its own: one item at 10.00 € plus 19 percent,
 * shipping at 5.00 € plus 10 percent, sent to Berlin, 17.40 € paid.
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
  const order = await insert<OrderColumns>(knex, "order", {
    id: newId("order"),
    email: "guest@example.com",
    currency_code: "eur",
    status: "pending",
    fulfillment_status: "not_fulfilled",
    payment_status: "captured",
    ...columns,
    region_id: columns["region_id"] ?? (await aRegion(knex)).id,
    customer_id: columns["customer_id"] ?? (await aCustomer(knex)).id,
    shipping_address_id: (await anAddress(knex, address)).id,
  });
  const order_id = order.id;
  const built: string[] = [];
  for (const line of lines) built.push((await aLineItem(knex, { order_id, ...line })).id);
  if (shipping) await aShippingMethod(knex, order.region_id, { order_id, ...shipping });
  for (const amount of paid) await aPayment(knex, { order_id, amount });
  for (const amount of refunded)
    await insert(knex, "refund", { id: newId("ref"), order_id, amount, reason: "other" });
  for (const discount_id of discounts)
    await knex("order_discounts").insert({ order_id, discount_id });
  return { ...order, lines: built };
}

/** Builds an order that is paid and sent, of two items at 10.00 €. */
export const aShippedOrder = (knex: Knex, attributes: OrderAttributes = {}) =>
  anOrder(knex, { fulfillment_status: "shipped", lines: [{ quantity: 2 }], ...attributes });

export type ShippedOrder = Awaited<ReturnType<typeof aShippedOrder>>;

/**
 * Builds a line item of what the columns name (an order, a swap, a claim order): quantity 1 at
 * 10.00 €, 19 percent, of a variant of its own.
 */
export async function aLineItem(
  knex: Knex,
  { rates = [19], adjustments = [], ...columns }: LineItemAttributes = {},
): Promise<InsertedRow> {
  const line = await insert(knex, "line_item", {
    id: newId("item"),
    title: "Kettle",
    unit_price: 1000,
    quantity: 1,
    ...columns,
    variant_id: columns["variant_id"] ?? (await aProduct(knex)).variants[0]!.id,
  });
  for (const rate of rates)
    await insert(knex, "line_item_tax_line", {
      id: newId("litl"),
      item_id: line.id,
      ...taxLine(rate),
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

const taxLine = (rate: number) => ({ rate, name: "VAT", code: `vat${rate}` });

async function aShippingMethod(
  knex: Knex,
  region_id: string,
  { rates = [10], ...columns }: LineItemAttributes,
): Promise<void> {
  const { id: shipping_method_id } = await insert(knex, "shipping_method", {
    id: newId("sm"),
    shipping_option_id: (await aShippingOption(knex, { region_id })).id,
    price: 500,
    data: {},
    ...columns,
  });
  for (const rate of rates)
    await insert(knex, "shipping_method_tax_line", {
      id: newId("smtl"),
      shipping_method_id,
      ...taxLine(rate),
    });
}

const aPayment = (knex: Knex, columns: Row) =>
  insert(knex, "payment", {
    id: newId("pay"),
    currency_code: "eur",
    provider_id: "manual",
    data: {},
    ...columns,
  });

/** Builds a return reason. */
export function aReturnReason(knex: Knex, attributes: Row = {}): Promise<InsertedRow> {
  const number = nextNumber();
  return insert(knex, "return_reason", {
    id: newId("rr"),
    value: `reason_${number}`,
    label: `Reason ${number}`,
    ...attributes,
  });
}
