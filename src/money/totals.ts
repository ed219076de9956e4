import {
  type GiftCard,
  type GiftCardPayment,
  giftCardPaymentTotals,
  giftCardTotals,
} from "./gift-card-totals.ts";
import {
  activeDiscountId,
  type Discount,
  type Line,
  type LineTotals,
  lineTotals,
  lineTotalsAtLegacyRate,
} from "./line-totals.ts";
import {
  type ShippingMethod,
  type ShippingTotals,
  shippingTotals,
  shippingTotalsAtLegacyRate,
} from "./shipping-totals.ts";

/** Everything in a cart, an order or a swap that has a price. */
export interface Priced {
  readonly lines: readonly Line[];
  readonly shippingMethods: readonly ShippingMethod[];
  readonly discounts: readonly Discount[];
  /** The gift cards on it, in the order in which they are redeemed. */
  readonly giftCards: readonly GiftCard[];
  /** What gift cards have paid of a placed order; replaces `giftCards`. */
  readonly giftCardPayments?: readonly GiftCardPayment[];
  /**
   * Whether the region taxes gift cards when they are bought. They then pay for goods and shipping
   * without tax.
   */
  readonly giftCardsTaxable: boolean;
  /** The single tax rate, in percent, of an order from before tax lines. */
  readonly legacyTaxRate?: number | null;
}

/**
 * Integers in the currency's smallest unit, except `raw_discount_total`, which may be a fraction.
 */
export interface Totals {
  /** Goods without discount and tax. */
  readonly subtotal: number;
  readonly discount_total: number;
  readonly raw_discount_total: number;
  /** Shipping without tax. */
  readonly shipping_total: number;
  readonly item_tax_total: number;
  readonly shipping_tax_total: number;
  /** Of goods and shipping, before the tax that gift cards have paid is subtracted. */
  readonly tax_total: number;
  readonly gift_card_total: number;
  readonly gift_card_tax_total: number;
  /** The amount due, tax included. */
  readonly total: number;
}

/** The totals of each part, in the order of the parts, and of the whole. */
export interface AllTotals {
  readonly lines: readonly LineTotals[];
  readonly shippingMethods: readonly ShippingTotals[];
  readonly whole: Totals;
}

/**
 * Returns the totals of a cart, an order or a swap. They are calculated only here, so that the
 * amounts shown are the amounts charged. Negative only with return lines, in a swap's cart.
 */
export function totalsOf(priced: Priced): AllTotals {
  const { legacyTaxRate } = priced;
  const discountId = activeDiscountId(priced.discounts);
  const isFree = priced.discounts.some(({ type }) => type === "free_shipping");
  const lines = priced.lines.map((line) =>
    legacyTaxRate
      ? lineTotalsAtLegacyRate(line, discountId, legacyTaxRate)
      : lineTotals(line, discountId),
  );
  const shippingMethods = priced.shippingMethods.map((method) =>
    legacyTaxRate
      ? shippingTotalsAtLegacyRate(method, isFree, legacyTaxRate)
      : shippingTotals(method, isFree),
  );
  return { lines, shippingMethods, whole: wholeOf(priced, lines, shippingMethods) };
}

function wholeOf(
  priced: Priced,
  lines: readonly LineTotals[],
  methods: readonly ShippingTotals[],
): Totals {
  const subtotal = sum(lines, "subtotal");
  const raw_discount_total = sum(lines, "raw_discount_total");
  const discount_total = Math.round(raw_discount_total);
  const shipping_total = sum(methods, "subtotal");
  const item_tax_total = sum(lines, "tax_total");
  const shipping_tax_total = sum(methods, "tax_total");
  const tax_total = item_tax_total + shipping_tax_total;
  const goods = subtotal + shipping_total - discount_total;
  const cards = priced.giftCardPayments?.length
    ? giftCardPaymentTotals(priced.giftCardPayments)
    : giftCardTotals(priced.giftCardsTaxable ? goods : goods + tax_total, priced.giftCards);
  const due = goods + tax_total - cards.total;
  // A card taxed at a higher rate than the goods returns no more tax than there is, or is due.
  const gift_card_tax_total = Math.max(Math.min(cards.tax_total, tax_total, due), 0);
  return {
    subtotal,
    discount_total,
    raw_discount_total,
    shipping_total,
    item_tax_total,
    shipping_tax_total,
    tax_total,
    gift_card_total: cards.total,
    gift_card_tax_total,
    total: due - gift_card_tax_total,
  };
}

function sum<K extends string>(parts: readonly Readonly<Record<K, number>>[], name: K): number {
  return parts.reduce((total, part) => total + part[name], 0);
}

/**
 * What was paid for an order and refunded: integers in the currency's smallest unit. As in Medusa,
 * payments count even if they were not captured or were canceled.
 */
export interface PaidTotals {
  readonly paid_total: number;
  readonly refunded_total: number;
  readonly refundable_amount: number;
}

/** Returns the totals of payments and refunds, given by their amounts. */
export function paidTotals(payments: readonly number[], refunds: readonly number[]): PaidTotals {
  const add = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const paid_total = add(payments);
  const refunded_total = add(refunds);
  return { paid_total, refunded_total, refundable_amount: paid_total - refunded_total };
}
