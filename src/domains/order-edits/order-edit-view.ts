import { lineItem } from "../../graph/entities/cart-entities.ts";
import { orderEdit, orderItemChange } from "../../graph/entities/order-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { below, needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import type { Shape } from "../../graph/shape.ts";
import { shapeFor } from "../../graph/shape-for.ts";
import { select, type ViewQuery, view } from "../../graph/view.ts";
import { mustStayWithOrder } from "../orders/after-sale-rules.ts";
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
 * What customers see of an order edit; who worked on it in the shop is not theirs to see. `items`
 * and `changes` may be named among the fields.
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

/** Columns of these two may be named, too; lines come whole all the same, as in Medusa. */
const dotted = [["items", lineItem] as const, ["changes", orderItemChange] as const].flatMap(
  ([name, { columns }]) => Object.keys(columns).map((column) => `${name}.${column}`),
);
const readView = {
  ...orderEditView,
  fields: { default: columns, allowed: [...columns, "items", "changes", ...dotted] },
};

/** Always there, since totals are, and nothing else of lines is. */
const lines = ["items", "items.variant", "items.adjustments", "items.tax_lines"];
const needs = needsOf(orderEdit, {
  ...below("items", lineColumns),
  ...below("order", moneyColumns),
});
type OrderEditTree = TreeOfNeeds<typeof needs>;

/**
 * How an edit is loaded for what a client asks of it.
 * @throws InvalidData fields or relations that are not allowed
 */
export function orderEditShape(asked: ViewQuery): Shape<OrderEditTree> {
  const selection = select(readView, asked, ["id"]);
  mustStayWithOrder(selection.relations);
  const others = [...selection.relations].filter((path) => !path.startsWith("items."));
  const narrowed = new Map([...selection.narrowed].filter(([path]) => path !== "items"));
  return shapeFor({ ...selection, narrowed, relations: new Set([...others, ...lines]) }, needs);
}

/**
 * A loaded edit with the totals of its order as the edit would leave it, and what is then due
 * beyond the order's present total.
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
