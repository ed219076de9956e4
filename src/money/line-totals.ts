import { taxIn } from "./tax-price.ts";

/**
 * A line of a cart, order, swap or claim order, with all that its totals depend on. Prices are
 * integers in the currency's smallest unit, rates are in percent.
 */
export interface Line {
  readonly id: string;
  /** Negative only on the return lines of a swap's cart. */
  readonly unitPrice: number;
  readonly quantity: number;
  readonly includesTax: boolean;
  readonly allowsDiscounts: boolean;
  readonly rates: readonly number[];
  readonly adjustments: readonly Adjustment[];
}

/**
 * A reduction of a line's price, in the currency's smallest unit; a share of a fixed discount may
 * be a fraction. Without a discount it is a manual adjustment.
 */
export interface Adjustment {
  readonly amount: number;
  readonly discountId: string | null;
}

/**
 * Integers in the currency's smallest unit, except `raw_discount_total`, which may be a fraction.
 */
export interface LineTotals {
  /** Without discount and tax. */
  readonly subtotal: number;
  readonly discount_total: number;
  readonly raw_discount_total: number;
  readonly tax_total: number;
  readonly total: number;
  /** Without the discount, tax included. */
  readonly original_total: number;
  readonly original_tax_total: number;
}

/**
 * Returns the totals of a line. Tax is rounded half up for each rate, after the unrounded discount
 * is subtracted. The tax in a tax-inclusive price is rounded for one unit, then multiplied.
 * @param discountId the active discount (`activeDiscountId`): only its adjustments apply, beside
 * manual ones, which always do
 */
export function lineTotals(line: Line, discountId: string | undefined): LineTotals {
  const net = netAmount(line);
  const raw = capDiscount(adjustmentOf(line, discountId), net);
  const original_tax_total = taxOn(line.rates, net);
  const tax_total = taxOn(line.rates, net - raw);
  const full = line.unitPrice * line.quantity;
  const subtotal = line.includesTax ? full - original_tax_total : full;
  const discount_total = Math.round(raw);
  return {
    subtotal,
    discount_total,
    raw_discount_total: raw,
    tax_total,
    total: subtotal - discount_total + tax_total,
    original_total: subtotal + original_tax_total,
    original_tax_total,
  };
}

/** A discount calculated at other rates or prices may exceed the line's present net amount. */
function capDiscount(discount: number, net: number): number {
  return net >= 0 ? Math.min(discount, net) : discount;
}

/**
 * Returns the totals of a line of an order from before tax lines. `rate` is the order's single tax
 * rate, in percent.
 */
export function lineTotalsAtLegacyRate(
  line: Line,
  discountId: string | undefined,
  rate: number,
): LineTotals {
  const raw = adjustmentOf(line, discountId);
  const discount_total = Math.round(raw);
  const subtotal = Math.round(netAmount({ ...line, rates: [rate] }));
  const original_tax_total = Math.round(subtotal * (rate / 100));
  const tax_total = Math.round((subtotal - discount_total) * (rate / 100));
  return {
    subtotal,
    discount_total,
    raw_discount_total: raw,
    tax_total,
    total: subtotal + tax_total,
    original_total: subtotal + original_tax_total,
    original_tax_total,
  };
}

/**
 * Returns the refund for a quantity of a line, tax included: the price less its share of the
 * discount, which is rounded for one unit. An integer in the currency's smallest unit.
 */
export function quantityRefund(
  line: Line,
  quantity: number,
  discountId: string | undefined,
): number {
  const net = netAmount({ ...line, quantity }) - quantityDiscount(line, quantity, discountId);
  return net + taxOn(line.rates, net);
}

/**
 * Returns the refund for a quantity of a line of an order from before tax lines, like
 * `quantityRefund`. `rate` is the order's single tax rate, in percent.
 */
export function quantityRefundAtLegacyRate(
  line: Line,
  quantity: number,
  discountId: string | undefined,
  rate: number,
): number {
  const net = netAmount({ ...line, quantity, rates: [rate] });
  const discounted = net - quantityDiscount(line, quantity, discountId);
  return Math.round(discounted * (1 + rate / 100));
}

/**
 * Returns what an order from before tax lines shows as refundable for a quantity of a line, tax
 * included: an integer in the currency's smallest unit. As in Medusa, the whole discount of the
 * line is subtracted whatever the quantity. `rate` is the order's single tax rate, in percent.
 */
export function refundableAtLegacyRate(
  line: Line,
  quantity: number,
  discountId: string | undefined,
  rate: number,
): number {
  const net = netAmount({ ...line, quantity, rates: [rate] }) - adjustmentOf(line, discountId);
  return Math.round(net * (1 + rate / 100));
}

/** Returns the discount on a quantity of a line; the discount on one unit is rounded. */
function quantityDiscount(line: Line, quantity: number, discountId: string | undefined): number {
  if (line.quantity === 0) return 0;
  return Math.round(adjustmentOf(line, discountId) / line.quantity) * quantity;
}

/**
 * Returns the sum of the adjustments that apply to a line, unrounded, in the currency's smallest
 * unit: those of the active discount, and manual ones.
 */
export function adjustmentOf(line: Line, discountId: string | undefined): number {
  const active = line.adjustments.filter(
    (adjustment) =>
      adjustment.discountId === null ||
      (line.allowsDiscounts && adjustment.discountId === discountId),
  );
  return active.reduce((sum, { amount }) => sum + amount, 0);
}

/** Returns the id of the active discount: the first one that is not free shipping. */
export function activeDiscountId(discounts: readonly Discount[]): string | undefined {
  return discounts.find(({ type }) => type !== "free_shipping")?.id;
}

/** A discount on a cart or an order. */
export interface Discount {
  readonly id: string;
  readonly type: string;
}

/**
 * Returns the net amount of a line, an integer in the currency's smallest unit: unit price times
 * quantity, without tax and discount. The tax in the unit price is rounded. Taxes and discounts are
 * calculated from it.
 */
export function netAmount({ unitPrice, quantity, includesTax, rates }: Omit<Line, "id">): number {
  return includesTax
    ? (unitPrice - Math.round(taxIn(unitPrice, true, rates))) * quantity
    : unitPrice * quantity;
}

function taxOn(rates: readonly number[], amount: number): number {
  return rates.reduce((sum, rate) => sum + Math.round(amount * (rate / 100)), 0);
}
