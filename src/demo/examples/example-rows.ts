import { createdDaysAgo, type DemoContext, type TableRows } from "../rows/demo-context.ts";
import { exampleCarts } from "./example-carts.ts";
import { editRows, exampleEdits } from "./example-edits.ts";
import { type ExampleOrder, orderRows } from "./example-orders.ts";
import { byTable, type ExampleRow, exampleGuest, exampleId } from "./example-parts.ts";
import { swapRows } from "./example-swap.ts";

/** The tables of the examples; a row comes after those that it refers to. */
const tables = [
  ...["customer", "address", "cart", "order", "swap", "payment_collection", "order_edit"],
  ...["line_item", "line_item_adjustment", "line_item_tax_line", "cart_discounts"],
  ...["shipping_method", "shipping_method_tax_line", "payment_session", "payment"],
  ...["payment_collection_sessions", "order_item_change"],
  ...["fulfillment", "fulfillment_item", "return", "return_item"],
];

/** `sent` can be returned, and `swapped` has been. The orders of edits wait to be sent. */
const orders: readonly ExampleOrder[] = [
  {
    name: "sent",
    lines: [
      { sku: "HT-TARN-MOSS", quantity: 2 },
      { sku: "HT-BORDER-INK", quantity: 1 },
    ],
    sent: true,
    daysOld: 12,
  },
  { name: "swapped", lines: [{ sku: "HT-TARN-INK", quantity: 2 }], sent: true, daysOld: 9 },
  ...exampleEdits.map(({ name }) => ({
    name,
    lines: [{ sku: "HT-TARN-INK", quantity: 2 }],
    sent: false,
    daysOld: 2,
  })),
];

/**
 * Returns the rows that the examples of the API document name: carts and orders of a guest, a swap,
 * order edits and what they cost. Products, regions and discounts must be inserted before.
 */
export function exampleRows(context: DemoContext): TableRows[] {
  return byTable(tables, [
    guestRow(context),
    ...exampleCarts(context),
    ...orders.flatMap((order) => orderRows(context, order)),
    ...exampleEdits.flatMap((edit) => editRows(context, edit)),
    ...swapRows(context, "swapped"),
  ]);
}

const guestRow = ({ now }: DemoContext): ExampleRow => [
  "customer",
  {
    id: exampleId("cus", exampleGuest.email),
    ...exampleGuest,
    has_account: false,
    ...createdDaysAgo(now, 12),
  },
];
