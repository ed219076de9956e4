import { entity, many, one, oneOf, only } from "../entity.ts";
import { byId, creation } from "../row-order.ts";

export const returnOrder = entity("return", {
  columns: {
    id: "text",
    status: oneOf("requested", "received", "requires_action", "canceled"),
    swap_id: "text?",
    order_id: "text?",
    shipping_data: "json?",
    refund_amount: "integer",
    received_at: "time?",
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
    idempotency_key: "text?",
    claim_order_id: "text?",
    no_notification: "boolean?",
    location_id: "text?",
  },
  eager: ["items"],
  relations: {
    items: many("return_item", "return_id"),
    swap: one("swap", "swap_id"),
    claim_order: one("claim_order", "claim_order_id"),
    order: one("order", "order_id"),
    shipping_method: only("shipping_method", "return_id"),
  },
});

export const returnItem = entity("return_item", {
  columns: {
    return_id: "text",
    item_id: "text",
    quantity: "integer",
    is_requested: "boolean",
    requested_quantity: "integer?",
    received_quantity: "integer?",
    metadata: "json?",
    reason_id: "text?",
    note: "text?",
  },
  relations: {
    return_order: one("return", "return_id"),
    item: one("line_item", "item_id"),
    reason: one("return_reason", "reason_id"),
  },
});

export const returnReason = entity("return_reason", {
  columns: {
    id: "text",
    value: "text",
    label: "text",
    description: "text?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    parent_return_reason_id: "text?",
  },
  relations: {
    parent_return_reason: one("return_reason", "parent_return_reason_id"),
    return_reason_children: many("return_reason", "parent_return_reason_id", { order: creation }),
  },
});

export const swap = entity("swap", {
  columns: {
    id: "text",
    fulfillment_status: oneOf(
      "not_fulfilled",
      "fulfilled",
      "shipped",
      "partially_shipped",
      "canceled",
      "requires_action",
    ),
    payment_status: oneOf(
      "not_paid",
      "awaiting",
      "captured",
      "confirmed",
      "canceled",
      "difference_refunded",
      "partially_refunded",
      "refunded",
      "requires_action",
    ),
    order_id: "text",
    difference_due: "integer?",
    shipping_address_id: "text?",
    cart_id: "text?",
    confirmed_at: "time?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    idempotency_key: "text?",
    no_notification: "boolean?",
    canceled_at: "time?",
    allow_backorder: "boolean",
  },
  relations: {
    order: one("order", "order_id"),
    additional_items: many("line_item", "swap_id", { order: creation }),
    return_order: only("return", "swap_id"),
    fulfillments: many("fulfillment", "swap_id", { order: creation }),
    payment: only("payment", "swap_id"),
    shipping_address: one("address", "shipping_address_id", { withDeleted: true }),
    shipping_methods: many("shipping_method", "swap_id", { order: byId }),
    cart: one("cart", "cart_id"),
  },
});

export const returnEntities = [returnOrder, returnItem, returnReason, swap] as const;
