import type { Knex } from "knex";
import { newId } from "../../../src/database/new-id.ts";
import { type InsertedRow, insert, type Row } from "./insert.ts";
import { aLineItem, anOrder, type LineItemAttributes, type OrderAttributes } from "./orders.ts";

type Order = Awaited<ReturnType<typeof anOrder>>;

export interface OrderEditAttributes extends Row {
  readonly order?: OrderAttributes;
  /** An order that exists, instead of a new one. */
  readonly of?: Pick<Order, "id" | "region_id" | "customer_id" | "lines">;
  /** The lines that the edit adds. */
  readonly added?: readonly LineItemAttributes[];
  /** The new quantity of the order's first line; 0 removes it. */
  readonly quantity?: number;
  /** The amount of its payment collection, in the smallest unit; without it there is none. */
  readonly due?: number;
}

/**
 * Builds a requested edit of an order, with the rows that Medusa's admin leaves: a copy of each
 * of the order's lines, and one new line at 11.90 €.
 */
export async function anOrderEdit(knex: Knex, attributes: OrderEditAttributes = {}) {
  const { order: orderAttributes, of, added = [{}], quantity, due, ...columns } = attributes;
  const order = of ?? (await anOrder(knex, orderAttributes));
  const collection = due === undefined ? null : await aCollection(knex, order.region_id, due);
  const { id } = await insert(knex, "order_edit", {
    id: newId("oe"),
    order_id: order.id,
    internal_note: "asked by phone",
    created_by: "usr_1",
    requested_by: "usr_1",
    requested_at: new Date(),
    payment_collection_id: collection?.id ?? null,
    ...columns,
  });
  for (const [index, lineId] of order.lines.entries()) {
    const line = await knex("line_item").where({ id: lineId }).first();
    await aCopiedLineItem(knex, id, line, index === 0 ? quantity : undefined);
  }
  for (const lineAttributes of added) {
    const line = await aLineItem(knex, { order_edit_id: id, ...lineAttributes });
    await anItemChange(knex, { type: "item_add", order_edit_id: id, line_item_id: line.id });
  }
  return {
    id,
    collectionId: collection?.id as string,
    orderId: order.id,
    customerId: order.customer_id,
    regionId: order.region_id,
  };
}

const aCollection = (knex: Knex, region_id: string, amount: number): Promise<InsertedRow> =>
  insert(knex, "payment_collection", {
    id: newId("paycol"),
    type: "order_edit",
    status: "not_paid",
    amount,
    region_id,
    currency_code: "eur",
    created_by: "usr_1",
  });

/** Copies a line of the order into the edit, with its taxes and adjustments. */
async function aCopiedLineItem(
  knex: Knex,
  order_edit_id: string,
  original: Row,
  quantity = original["quantity"],
): Promise<void> {
  const change = { order_edit_id, original_line_item_id: original["id"] };
  if (quantity === 0) {
    await anItemChange(knex, { type: "item_remove", ...change });
    return;
  }
  const { id } = await insert(knex, "line_item", {
    ...original,
    id: newId("item"),
    order_id: null,
    cart_id: null,
    original_item_id: original["id"],
    order_edit_id,
    quantity,
    metadata: JSON.stringify(original["metadata"] ?? {}),
  });
  for (const [table, prefix] of [
    ["line_item_tax_line", "litl"],
    ["line_item_adjustment", "lia"],
  ] as const) {
    const rows = await knex(table).where({ item_id: original["id"] });
    for (const row of rows) await insert(knex, table, { ...row, id: newId(prefix), item_id: id });
  }
  if (quantity !== original["quantity"])
    await anItemChange(knex, { type: "item_update", ...change, line_item_id: id });
}

const anItemChange = (knex: Knex, row: Row) =>
  insert(knex, "order_item_change", { id: newId("oic"), ...row });
