import { demoOrders } from "../demo-orders.ts";
import type { DemoContext, TableRows } from "./demo-context.ts";
import { orderEditRows } from "./order-edit-rows.ts";
import { orderRows } from "./order-rows.ts";
import { orderReturnRows } from "./return-rows.ts";
import { type Sale, saleOf } from "./sale.ts";
import { shipmentRows } from "./shipment-rows.ts";
import { swapRows } from "./swap-rows.ts";

/** A row comes after those that it refers to. */
const TABLES = [
  "address",
  "cart",
  "order",
  "swap",
  "payment_collection",
  "order_edit",
  "line_item",
  "line_item_tax_line",
  "line_item_adjustment",
  "order_discounts",
  "cart_discounts",
  "order_item_change",
  "return",
  "return_item",
  "refund",
  "shipping_method",
  "shipping_method_tax_line",
  "payment",
  "payment_session",
  "fulfillment",
  "fulfillment_item",
  "tracking_link",
];

/**
 * Returns the rows of the demo customer's orders with their shipments, returns, swaps and edits, as
 * checkout and Medusa's admin write them. The carts' payments are linked later.
 * @throws Error if an order names what the demo shop does not have
 */
export function historyRows(context: DemoContext): TableRows[] {
  const written = demoOrders.flatMap((order) => rowsOf(context, saleOf(context, order)));
  return TABLES.map((table) => ({
    table,
    rows: written.filter((each) => each.table === table).flatMap(({ rows }) => rows),
  }));
}

function rowsOf(context: DemoContext, sale: Sale): TableRows[] {
  const { order, orderId: order_id, items } = sale;
  return [
    ...orderRows(context, sale),
    ...(order.shipped
      ? shipmentRows(context, { key: order.key, of: { order_id }, items, shipped: order.shipped })
      : []),
    ...(order.return ? orderReturnRows(context, sale, order.return) : []),
    ...(order.swap ? swapRows(context, sale, order.swap) : []),
    ...(order.edit ? orderEditRows(context, sale, order.edit) : []),
  ];
}
