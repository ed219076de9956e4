import { refundTotal } from "../../money/refund-totals.ts";
import type { DemoOrder } from "../demo-orders.ts";
import { type DemoContext, daysBefore, type TableRows } from "./demo-context.ts";
import { requireItem, type Sale } from "./sale.ts";
import { defaultRate, taxLineRow } from "./sold-item.ts";

type DemoReturn = NonNullable<DemoOrder["return"]>;

/** Returns the rows of a return of an order; one that has arrived is refunded. */
export function orderReturnRows(context: DemoContext, sale: Sale, back: DemoReturn): TableRows[] {
  const rows = returnRows(context, sale, back, { order_id: sale.orderId });
  const { receivedDaysAgo } = back;
  if (receivedDaysAgo === undefined) return rows;
  const refund = refundRow(context, sale, refundOf(context, sale, back), receivedDaysAgo);
  return [...rows, { table: "refund", rows: [refund] }];
}

/** Returns the rows of the goods that come back to an order, or for a swap. */
export function returnRows(
  context: DemoContext,
  sale: Sale,
  back: DemoReturn,
  of: { order_id: string } | { swap_id: string; no_notification: true },
): TableRows[] {
  const { ids, now } = context;
  const id = ids("ret", sale.order.key);
  const requestedAt = daysBefore(now, back.requestedDaysAgo);
  const receivedAt =
    back.receivedDaysAgo === undefined ? null : daysBefore(now, back.receivedDaysAgo);
  return [
    {
      table: "return",
      rows: [
        {
          id,
          ...of,
          status: receivedAt ? "received" : "requested",
          shipping_data: {},
          refund_amount: refundOf(context, sale, back),
          received_at: receivedAt,
          created_at: requestedAt,
          updated_at: receivedAt ?? requestedAt,
        },
      ],
    },
    {
      table: "return_item",
      rows: back.items.map((item) => ({
        return_id: id,
        item_id: requireItem(context, sale, item).line.id,
        quantity: item.quantity,
        is_requested: true,
        requested_quantity: item.quantity,
        received_quantity: receivedAt ? item.quantity : null,
        reason_id: ids("rr", back.reason),
        note: back.note ?? null,
        metadata: {},
      })),
    },
    ...shippingRows(context, sale, id, requestedAt),
  ];
}

function shippingRows(
  { ids }: DemoContext,
  { order, region }: Sale,
  returnId: string,
  at: Date,
): TableRows[] {
  const id = ids("sm", `${order.key} return`);
  return [
    {
      table: "shipping_method",
      rows: [
        {
          id,
          shipping_option_id: ids("so", `${region.key} return`),
          return_id: returnId,
          price: region.shipping.return,
          data: {},
          includes_tax: region.includesTax,
        },
      ],
    },
    {
      table: "shipping_method_tax_line",
      rows: [taxLineRow(ids("smtl", id), { shipping_method_id: id }, defaultRate(region), at)],
    },
  ];
}

/**
 * Returns what is refunded for goods that come back, less their shipping, in the smallest unit of
 * the currency.
 */
export function refundOf(context: DemoContext, sale: Sale, back: DemoReturn): number {
  const { region, discountId } = sale;
  const returned = new Map(
    back.items.map((item) => [requireItem(context, sale, item).line.id, item.quantity]),
  );
  const lines = sale.items.map(({ line }) => ({
    line,
    quantity: returned.get(line.id) ?? 0,
    returned: 0,
  }));
  const shipping = {
    price: region.shipping.return,
    includesTax: region.includesTax,
    rates: [region.taxRate],
  };
  return refundTotal(lines, shipping, { discountId, rate: null });
}

function refundRow({ ids, now }: DemoContext, sale: Sale, amount: number, daysAgo: number) {
  const at = daysBefore(now, daysAgo);
  return {
    id: ids("ref", sale.order.key),
    order_id: sale.orderId,
    amount,
    reason: "return",
    created_at: at,
    updated_at: at,
  };
}
