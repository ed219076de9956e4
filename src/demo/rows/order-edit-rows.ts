import { lineTotals } from "../../money/line-totals.ts";
import type { DemoOrder } from "../demo-orders.ts";
import { createdDaysAgo, type DemoContext, daysBefore, type TableRows } from "./demo-context.ts";
import type { Sale } from "./sale.ts";
import { lineItemRow, soldItem, taxLineRow } from "./sold-item.ts";

type DemoOrderEdit = NonNullable<DemoOrder["edit"]>;

/** Who works in the shop; the demo has no users of an admin. */
const SHOPKEEPER = "shopkeeper";

/**
 * Returns the rows of an order edit that waits for the customer: its lines are copies of the
 * order's and the added one, and a payment collection is to be paid.
 */
export function orderEditRows(context: DemoContext, sale: Sale, edit: DemoOrderEdit): TableRows[] {
  const { ids, now } = context;
  const { region, order } = sale;
  const id = ids("oe", order.key);
  const collectionId = ids("paycol", order.key);
  const timestamps = createdDaysAgo(now, edit.requestedDaysAgo);
  const added = soldItem(context, region, {
    ...edit.added,
    id: ids("item", `${order.key} added ${edit.added.sku}`),
  });
  return [
    {
      table: "payment_collection",
      rows: [
        {
          id: collectionId,
          type: "order_edit",
          status: "not_paid",
          amount: lineTotals(added.line, undefined).total,
          region_id: ids("reg", region.key),
          currency_code: region.currency,
          created_by: SHOPKEEPER,
          ...timestamps,
        },
      ],
    },
    {
      table: "order_edit",
      rows: [
        {
          id,
          order_id: sale.orderId,
          internal_note: edit.note,
          created_by: SHOPKEEPER,
          requested_by: SHOPKEEPER,
          requested_at: daysBefore(now, edit.requestedDaysAgo),
          payment_collection_id: collectionId,
          ...timestamps,
        },
      ],
    },
    ...itemRows(context, sale, { id, added, at: daysBefore(now, edit.requestedDaysAgo) }),
    {
      table: "order_item_change",
      rows: [
        {
          id: ids("oic", order.key),
          type: "item_add",
          order_edit_id: id,
          line_item_id: added.line.id,
          ...timestamps,
        },
      ],
    },
  ];
}

function itemRows(
  { ids }: DemoContext,
  sale: Sale,
  { id, added, at }: { id: string; added: ReturnType<typeof soldItem>; at: Date },
): TableRows[] {
  const copies = sale.items.map((item) => ({
    original: item.line.id,
    copy: { ...item, line: { ...item.line, id: ids("item", `copy of ${item.line.id}`) } },
  }));
  return [
    {
      table: "line_item",
      rows: [
        ...copies.map(({ original, copy }) =>
          lineItemRow(copy, sale.placedAt, {
            order_edit_id: id,
            original_item_id: original,
            has_shipping: true,
          }),
        ),
        lineItemRow(added, at, { order_edit_id: id }),
      ],
    },
    {
      table: "line_item_tax_line",
      rows: [...copies.map(({ copy }) => copy), added].map(({ line, taxRate }) =>
        taxLineRow(ids("litl", line.id), { item_id: line.id }, taxRate, at),
      ),
    },
  ];
}
