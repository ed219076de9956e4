import { lineItem } from "../../graph/entities/cart-entities.ts";
import { orderEdit, orderItemChange } from "../../graph/entities/order-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { below, needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import type { Shape } from "../../graph/shape.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import { select, type ViewQuery, view } from "../../graph/view.ts";
import {
  lineColumns,
  linesWithTotals,
  moneyColumns,
  totalsOfOrder,
} from "../orders/order-totals.ts";

const columns = [
  "id",
  "order_id",
  "created_at",
  "requested_by",
  "requested_at",
  "confirmed_at",
  "declined_by",
  "declined_reason",
  "declined_at",
  "canceled_at",
  "payment_collection_id",
];

/**
 * The part of an order edit that customers may see: not the staff who worked on it. `items` and
 * `changes` may be named among the fields.
 */
export const orderEditView = view(orderEdit, {
  fields: { default: columns, allowed: [...columns, "items", "changes"] },
  relations: {
    default: [
      "changes",
      "changes.line_item",
      "changes.line_item.variant",
      "changes.original_line_item",
      "changes.original_line_item.variant",
      "items",
      "items.variant",
      "items.adjustments",
      "items.tax_lines",
      "payment_collection",
    ],
  },
});

/** As in Medusa, columns of these two relations may be named, but their rows are shown in full. */
const relationColumns = [
  ["items", lineItem] as const,
  ["changes", orderItemChange] as const,
].flatMap(([name, { columns }]) => Object.keys(columns).map((column) => `${name}.${column}`));
const readView = {
  ...orderEditView,
  fields: { default: columns, allowed: [...columns, "items", "changes", ...relationColumns] },
};

/** The relations of lines that are always shown, since totals need them; no others are. */
const lines = ["items", "items.variant", "items.adjustments", "items.tax_lines"];
const needs = needsOf(orderEdit, {
  ...below("items", lineColumns),
  ...below("order", moneyColumns),
});
type OrderEditTree = TreeOfNeeds<typeof needs>;

/**
 * Returns the shape in which an order edit is loaded for a request.
 * @throws InvalidDataError naming fields or relations that are not allowed
 */
export function orderEditShape(viewQuery: ViewQuery): Shape<OrderEditTree> {
  const selection = select(readView, viewQuery, ["id"]);
  const beyondLines = [...selection.relations].filter((path) => !path.startsWith("items."));
  const narrowed = new Map([...selection.narrowed].filter(([path]) => path !== "items"));
  return shapeFor(
    { ...selection, narrowed, relations: new Set([...beyondLines, ...lines]) },
    needs,
  );
}

/**
 * Returns a loaded edit with the totals that its order would have after it, and with the difference
 * to the order's present total. Integers in the currency's smallest unit.
 */
export function presentOrderEdit(edit: OrderEditTree): Tree {
  const { order, items } = edit;
  const totals = totalsOfOrder(order, items);
  const {
    subtotal,
    discount_total,
    shipping_total,
    gift_card_total,
    gift_card_tax_total,
    tax_total,
    total,
  } = totals.whole;
  return {
    ...edit,
    items: linesWithTotals(order, items, totals),
    subtotal,
    discount_total,
    shipping_total,
    gift_card_total,
    gift_card_tax_total,
    tax_total,
    total,
    difference_due: total - totalsOfOrder(order).whole.total,
  };
}
