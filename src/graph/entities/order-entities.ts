import { entity, many, one, oneOf, type Tree, through } from "../entity.ts";
import { byId, creation } from "../row-order.ts";
import { orderEditTotals, orderTotals } from "./totals-columns.ts";

/**
 * An order. Its lines, discounts and region still show rows that were deleted after it was placed,
 * as in Medusa.
 */
export const order = entity("order", {
  columns: {
    id: "text",
    status: oneOf("pending", "completed", "archived", "canceled", "requires_action"),
    fulfillment_status: oneOf(
      "not_fulfilled",
      "partially_fulfilled",
      "fulfilled",
      "partially_shipped",
      "shipped",
      "partially_returned",
      "returned",
      "canceled",
      "requires_action",
    ),
    payment_status: oneOf(
      "not_paid",
      "awaiting",
      "captured",
      "partially_refunded",
      "refunded",
      "canceled",
      "requires_action",
    ),
    display_id: "integer",
    cart_id: "text?",
    customer_id: "text",
    email: "text",
    billing_address_id: "text?",
    shipping_address_id: "text?",
    region_id: "text",
    currency_code: "text",
    tax_rate: "number?",
    canceled_at: "time?",
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
    idempotency_key: "text?",
    draft_order_id: "text?",
    no_notification: "boolean?",
    external_id: "text?",
    sales_channel_id: "text?",
  },
  computed: { object: "text", ...orderTotals },
  derive: () => ({ object: "order" }),
  relations: {
    cart: one("cart", "cart_id"),
    customer: one("customer", "customer_id"),
    billing_address: one("address", "billing_address_id", { withDeleted: true }),
    shipping_address: one("address", "shipping_address_id", { withDeleted: true }),
    region: one("region", "region_id", { withDeletedBelow: true }),
    currency: one("currency", "currency_code", { to: "code" }),
    discounts: through("discount", "order_discounts", "order_id", "discount_id", {
      withDeletedBelow: true,
    }),
    gift_cards: through("gift_card", "order_gift_cards", "order_id", "gift_card_id"),
    shipping_methods: many("shipping_method", "order_id", { order: byId }),
    payments: many("payment", "order_id", { order: creation }),
    fulfillments: many("fulfillment", "order_id", { order: creation }),
    returns: many("return", "order_id", { order: creation }),
    claims: many("claim_order", "order_id", { order: creation }),
    refunds: many("refund", "order_id", { order: creation }),
    swaps: many("swap", "order_id", { order: creation }),
    draft_order: one("draft_order", "draft_order_id"),
    edits: many("order_edit", "order_id", { order: creation }),
    items: many("line_item", "order_id", { order: creation, withDeletedBelow: true }),
    gift_card_transactions: many("gift_card_transaction", "order_id", { order: creation }),
    sales_channel: one("sales_channel", "sales_channel_id"),
  },
});

export const draftOrder = entity("draft_order", {
  columns: {
    id: "text",
    status: oneOf("open", "completed"),
    display_id: "integer",
    cart_id: "text?",
    order_id: "text?",
    canceled_at: "time?",
    created_at: "time",
    updated_at: "time",
    completed_at: "time?",
    metadata: "json?",
    idempotency_key: "text?",
    no_notification_order: "boolean?",
  },
  relations: {
    cart: one("cart", "cart_id"),
    order: one("order", "order_id"),
  },
});

/** An order edit. Its internal note is not a column here: it is for the shop alone. */
export const orderEdit = entity("order_edit", {
  columns: {
    id: "text",
    created_at: "time",
    updated_at: "time",
    order_id: "text",
    created_by: "text",
    requested_by: "text?",
    requested_at: "time?",
    confirmed_by: "text?",
    confirmed_at: "time?",
    declined_by: "text?",
    declined_reason: "text?",
    declined_at: "time?",
    canceled_by: "text?",
    canceled_at: "time?",
    payment_collection_id: "text?",
  },
  computed: { status: "text", ...orderEditTotals },
  derive: (row) => ({ status: statusOf(row) }),
  relations: {
    order: one("order", "order_id"),
    changes: many("order_item_change", "order_edit_id", { order: creation }),
    items: many("line_item", "order_edit_id", { order: creation }),
    payment_collection: one("payment_collection", "payment_collection_id"),
  },
});

export const orderItemChange = entity("order_item_change", {
  columns: {
    id: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    type: oneOf("item_add", "item_remove", "item_update"),
    order_edit_id: "text",
    original_line_item_id: "text?",
    line_item_id: "text?",
  },
  relations: {
    order_edit: one("order_edit", "order_edit_id"),
    original_line_item: one("line_item", "original_line_item_id"),
    line_item: one("line_item", "line_item_id"),
  },
});

export const orderEntities = [order, draftOrder, orderEdit, orderItemChange] as const;

/**
 * Returns the latest step of an edit: `created` until the shop requests its customer's decision.
 */
function statusOf(edit: Tree): string {
  if (edit.canceled_at) return "canceled";
  if (edit.confirmed_at) return "confirmed";
  if (edit.declined_at) return "declined";
  return edit.requested_at ? "requested" : "created";
}
