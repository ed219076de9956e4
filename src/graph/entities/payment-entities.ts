import { entity, one, oneOf, through } from "../entity.ts";
import { creation } from "../row-order.ts";

export const payment = entity("payment", {
  columns: {
    id: "text",
    swap_id: "text?",
    cart_id: "text?",
    order_id: "text?",
    amount: "integer",
    currency_code: "text",
    amount_refunded: "integer",
    provider_id: "text",
    data: "json",
    captured_at: "time?",
    canceled_at: "time?",
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
    idempotency_key: "text?",
  },
  relations: {
    swap: one("swap", "swap_id"),
    cart: one("cart", "cart_id"),
    order: one("order", "order_id"),
    currency: one("currency", "currency_code", { to: "code" }),
  },
});

export const paymentSession = entity("payment_session", {
  columns: {
    id: "text",
    cart_id: "text?",
    provider_id: "text",
    is_selected: "boolean?",
    status: oneOf("authorized", "pending", "requires_more", "error", "canceled"),
    data: "json",
    created_at: "time",
    updated_at: "time",
    idempotency_key: "text?",
    payment_authorized_at: "time?",
    amount: "integer?",
    is_initiated: "boolean",
  },
  relations: {
    cart: one("cart", "cart_id"),
  },
});

export const paymentCollection = entity("payment_collection", {
  columns: {
    id: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    type: oneOf("order_edit"),
    status: oneOf("not_paid", "awaiting", "authorized", "partially_authorized", "canceled"),
    description: "text?",
    amount: "integer",
    authorized_amount: "integer?",
    region_id: "text",
    currency_code: "text",
    metadata: "json?",
    created_by: "text",
  },
  relations: {
    region: one("region", "region_id"),
    currency: one("currency", "currency_code", { to: "code" }),
    payment_sessions: through(
      "payment_session",
      "payment_collection_sessions",
      "payment_collection_id",
      "payment_session_id",
      {
        order: creation,
      },
    ),
    payments: through(
      "payment",
      "payment_collection_payments",
      "payment_collection_id",
      "payment_id",
      { order: creation },
    ),
  },
});

export const refund = entity("refund", {
  columns: {
    id: "text",
    order_id: "text?",
    amount: "integer",
    note: "text?",
    reason: oneOf("discount", "return", "swap", "claim", "other"),
    created_at: "time",
    updated_at: "time",
    metadata: "json?",
    idempotency_key: "text?",
    payment_id: "text?",
  },
  relations: {
    order: one("order", "order_id"),
    payment: one("payment", "payment_id"),
  },
});

export const paymentEntities = [payment, paymentSession, paymentCollection, refund] as const;
