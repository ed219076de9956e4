import { entity, many, one, oneOf, only, through } from "../entity.ts";
import { byId, creation } from "../row-order.ts";

export const claimOrder = entity("claim_order", {
  columns: {
    id: "text",
    payment_status: oneOf("na", "not_refunded", "refunded"),
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
    type: oneOf("refund", "replace"),
    order_id: "text",
    shipping_address_id: "text?",
    refund_amount: "integer?",
    canceled_at: "time?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    idempotency_key: "text?",
    no_notification: "boolean?",
  },
  relations: {
    claim_items: many("claim_item", "claim_order_id", { order: creation }),
    additional_items: many("line_item", "claim_order_id", { order: creation }),
    order: one("order", "order_id"),
    return_order: only("return", "claim_order_id"),
    shipping_address: one("address", "shipping_address_id", { withDeleted: true }),
    shipping_methods: many("shipping_method", "claim_order_id", { order: byId }),
    fulfillments: many("fulfillment", "claim_order_id", { order: creation }),
  },
});

export const claimItem = entity("claim_item", {
  columns: {
    id: "text",
    claim_order_id: "text",
    item_id: "text",
    variant_id: "text",
    reason: oneOf("missing_item", "wrong_item", "production_failure", "other"),
    note: "text?",
    quantity: "integer",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    images: many("claim_image", "claim_item_id", { order: creation }),
    claim_order: one("claim_order", "claim_order_id"),
    item: one("line_item", "item_id"),
    variant: one("product_variant", "variant_id"),
    tags: through("claim_tag", "claim_item_tags", "item_id", "tag_id"),
  },
});

export const claimImage = entity("claim_image", {
  columns: {
    id: "text",
    claim_item_id: "text",
    url: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    claim_item: one("claim_item", "claim_item_id"),
  },
});

export const claimTag = entity("claim_tag", {
  columns: {
    id: "text",
    value: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
});

export const claimEntities = [claimOrder, claimItem, claimImage, claimTag] as const;
