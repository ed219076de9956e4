import { entity, many, one } from "../entity.ts";
import { creation } from "../row-order.ts";

export const fulfillment = entity("fulfillment", {
  columns: {
    id: "text",
    swap_id: "text?",
    order_id: "text?",
    tracking_numbers: "json",
    data: "json",
    shipped_at: "time?",
    canceled_at: "time?",
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
    idempotency_key: "text?",
    provider_id: "text?",
    claim_order_id: "text?",
    no_notification: "boolean?",
    location_id: "text?",
  },
  eager: ["items"],
  relations: {
    claim_order: one("claim_order", "claim_order_id"),
    swap: one("swap", "swap_id"),
    order: one("order", "order_id"),
    provider: one("fulfillment_provider", "provider_id"),
    items: many("fulfillment_item", "fulfillment_id"),
    tracking_links: many("tracking_link", "fulfillment_id", { order: creation }),
  },
});

export const fulfillmentItem = entity("fulfillment_item", {
  columns: {
    fulfillment_id: "text",
    item_id: "text",
    quantity: "integer",
  },
  relations: {
    fulfillment: one("fulfillment", "fulfillment_id"),
    item: one("line_item", "item_id"),
  },
});

export const trackingLink = entity("tracking_link", {
  columns: {
    id: "text",
    url: "text?",
    tracking_number: "text",
    fulfillment_id: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    idempotency_key: "text?",
  },
  relations: {
    fulfillment: one("fulfillment", "fulfillment_id"),
  },
});

export const fulfillmentEntities = [fulfillment, fulfillmentItem, trackingLink] as const;
