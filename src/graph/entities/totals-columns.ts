/**
 * The totals that answers add to lines, shipping methods, carts, orders and order edits: integers
 * in the smallest unit of the currency.
 */
const amount = "integer";

/** A line's totals. `raw_discount_total` keeps the fractions of a fixed discount's share. */
export const lineTotals = {
  subtotal: amount,
  discount_total: amount,
  total: amount,
  original_total: amount,
  original_tax_total: amount,
  tax_total: amount,
  raw_discount_total: "number",
  refundable: "number",
} as const;

/** A shipping method's totals. */
export const shippingMethodTotals = {
  subtotal: amount,
  total: amount,
  original_total: amount,
  original_tax_total: amount,
  tax_total: amount,
} as const;

const sums = {
  subtotal: amount,
  discount_total: amount,
  raw_discount_total: "number",
  shipping_total: amount,
  item_tax_total: amount,
  shipping_tax_total: amount,
  tax_total: amount,
  gift_card_total: amount,
  gift_card_tax_total: amount,
  total: amount,
} as const;

/** A cart's totals. */
export const cartTotals = sums;

/** An order's totals. */
export const orderTotals = {
  ...sums,
  refunded_total: amount,
  paid_total: amount,
  refundable_amount: amount,
} as const;

/** The totals of an order after an edit, and the difference that is then due. */
export const orderEditTotals = {
  subtotal: amount,
  discount_total: amount,
  shipping_total: amount,
  gift_card_total: amount,
  gift_card_tax_total: amount,
  tax_total: amount,
  total: amount,
  difference_due: amount,
} as const;
