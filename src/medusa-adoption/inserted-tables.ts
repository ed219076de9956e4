/** Medusa's tables into which Nettle inserts rows. */
export const insertedTables: readonly string[] = [
  "discount_condition",
  "store_currencies",
  ...["address", "cart", "cart_discounts", "cart_gift_cards", "customer", "fulfillment_provider"],
  ...["gift_card", "gift_card_transaction", "idempotency_key", "line_item"],
  ...["line_item_adjustment", "line_item_tax_line", "order", "order_discounts"],
  ...["order_gift_cards", "payment", "payment_collection_payments", "payment_collection_sessions"],
  ...["payment_provider", "payment_session", "return", "return_item", "shipping_method"],
  ...["shipping_method_tax_line", "staged_job", "swap", "tax_provider"],
];
