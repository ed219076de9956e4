import type { Knex } from "knex";
import { newId } from "../../src/database/new-id.ts";
import {
  aLineItem,
  anOrder,
  type LineItemAttributes,
  type OrderAttributes,
} from "./order-builders.ts";

type Row = Record<string, unknown>;

interface OrderEditAttributes extends Row {
  readonly order?: OrderAttributes;
  /** The lines that come new. */
  readonly added?: readonly LineItemAttributes[];
  /** How many pieces the order's first line shall have; 0 takes it away. */
  readonly quantity?: number;
  /**
   * What has to be paid beside, in the smallest unit; no payment collection when it is left out.
   */
  readonly due?: number;
}

/**
 * An edit of a new order as a Medusa's admin leaves it: the order's lines again, with a line of its
 * own at 11.90 €, and its customer asked.
 */
export async function anOrderEdit(knex: Knex, attributes: OrderEditAttributes = {}) {
  const { order: orderAttributes = {}, added = [{}], quantity, due, ...columns } = attributes;
  const order = await anOrder(knex, orderAttributes);
  const collectionId =
    due === undefined ? null : await aPaymentCollection(knex, order["region_id"], due);
  const id = newId("oe");
  await knex("order_edit").insert({
    id,
    order_id: order.id,
    internal_note: "asked by phone",
    created_by: "usr_1",
    requested_by: "usr_1",
    requested_at: new Date(),
    payment_collection_id: collectionId,
    ...columns,
  });
  const lines = await knex("line_item")
    .where({ order_id: order.id })
    .orderBy("created_at")
    .orderBy("id");
  for (const [index, line] of lines.entries())
    await aCopiedLineItem(knex, id, line, index === 0 ? quantity : undefined);
  for (const lineAttributes of added) {
    const line = await aLineItem(knex, { order_edit_id: id, ...lineAttributes });
    await anItemChange(knex, { type: "item_add", order_edit_id: id, line_item_id: line.id });
  }
  return {
    id,
    collectionId: collectionId!,
    orderId: order.id,
    customerId: order.customer_id,
    regionId: String(order["region_id"]),
  };
}

async function aPaymentCollection(knex: Knex, region_id: unknown, amount: number): Promise<string> {
  const id = newId("paycol");
  await knex("payment_collection").insert({
    id,
    type: "order_edit",
    status: "not_paid",
    amount,
    region_id,
    currency_code: "eur",
    created_by: "usr_1",
  });
  return id;
}

/**
 * A line of the order in the edit: all of it, its taxes and what is taken off it, but its number
 * and whose it is.
 */
async function aCopiedLineItem(
  knex: Knex,
  order_edit_id: string,
  original: Row,
  quantity = original["quantity"],
) {
  const change = { order_edit_id, original_line_item_id: original["id"] };
  if (quantity === 0) return anItemChange(knex, { type: "item_remove", ...change });
  const id = newId("item");
  const parents = {
    order_id: null,
    cart_id: null,
    original_item_id: original["id"],
    order_edit_id,
  };
  await knex("line_item").insert({
    ...original,
    id,
    ...parents,
    quantity,
    metadata: JSON.stringify(original["metadata"] ?? {}),
  });
  for (const [table, prefix] of [
    ["line_item_tax_line", "litl"],
    ["line_item_adjustment", "lia"],
  ] as const) {
    const rows = await knex(table).where({ item_id: original["id"] });
    for (const row of rows) await knex(table).insert({ ...row, id: newId(prefix), item_id: id });
  }
  if (quantity !== original["quantity"])
    await anItemChange(knex, { type: "item_update", ...change, line_item_id: id });
}

const anItemChange = (knex: Knex, row: Row) =>
  knex("order_item_change").insert({ id: newId("oic"), ...row });

/** Lets a region be paid by these providers alone. */
export async function setPaymentProviders(
  knex: Knex,
  regionId: string,
  ...providers: readonly string[]
): Promise<void> {
  await knex("region_payment_providers").where({ region_id: regionId }).delete();
  await knex("region_payment_providers").insert(
    providers.map((provider_id) => ({ region_id: regionId, provider_id })),
  );
}
