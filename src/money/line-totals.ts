import { taxIn } from "./tax-price.ts";

/**
 * A line of a cart, order, swap or claim as its totals need it. Prices are integers in the smallest
 * unit, rates in percent.
 */
export interface Line {
  readonly id: string;
  /** Negative on the return lines of a swap's cart only. */
  readonly unitPrice: number;
  readonly quantity: number;
  readonly includesTax: boolean;
  readonly allowsDiscounts: boolean;
  readonly rates: readonly number[];
  readonly adjustments: readonly Adjustment[];
}

/**
 * What is taken off a line; a share of a fixed discount has fractions. Without a discount it was
 * made by hand.
 */
export interface Adjustment {
  readonly amount: number;
  readonly discountId: string | null;
}

/** Integers in the smallest unit, but for `raw_discount_total`. */
export interface LineTotals {
  /** Without discount and tax. */
  readonly subtotal: number;
  readonly discount_total: number;
  readonly raw_discount_total: number;
  readonly tax_total: number;
  readonly total: number;
  /** As if there were no discount. */
  readonly original_total: number;
  readonly original_tax_total: number;
}

/**
 * The totals of a line. Tax is rounded half up a rate, on what the unrounded discount leaves. A
 * price that includes tax is split a unit at a time: the tax in it is rounded, then multiplied.
 * @param discountId the one discount whose adjustments count (`countingDiscount`); adjustments made
 * by hand always do.
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

/** A discount that was made at other rates or prices takes no more than the line is worth now. */
function capDiscount(discount: number, net: number): number {
  return net >= 0 ? Math.min(discount, net) : discount;
}

/**
 * The totals of a line of an order from before tax lines, which has one rate for all (in percent).
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
 * What is given back for so many pieces of a line, tax included: their price less their part of the
 * discount, which is rounded a piece. May have fractions only on orders from before tax lines.
 * `rate` is the one rate of such an order, in percent.
 */
export function lineRefund(
  line: Line,
  quantity: number,
  discountId: string | undefined,
  rate: number | null,
): number {
  if (rate === null) return quantityRefund(line, quantity, discountId, null);
  const net = netAmount({ ...line, quantity, rates: [rate] }) - adjustmentOf(line, discountId);
  return Math.round(net * (1 + rate / 100));
}

/**
 * What is to be given back for so many pieces that come back, tax included: their price less their
 * part of the discount, which is rounded a piece. `rate` is the one rate of an order from before
 * tax lines, in percent.
 */
export function quantityRefund(
  line: Line,
  quantity: number,
  discountId: string | undefined,
  rate: number | null,
): number {
  const discountPerUnit =
    line.quantity === 0 ? 0 : Math.round(adjustmentOf(line, discountId) / line.quantity);
  const net =
    netAmount({ ...line, quantity, rates: rate === null ? line.rates : [rate] }) -
    discountPerUnit * quantity;
  return rate === null ? net + taxOn(line.rates, net) : Math.round(net * (1 + rate / 100));
}

/** What is taken off a line, unrounded. */
export function adjustmentOf(line: Line, discountId: string | undefined): number {
  const active = line.adjustments.filter(
    (adjustment) =>
      adjustment.discountId === null ||
      (line.allowsDiscounts && adjustment.discountId === discountId),
  );
  return active.reduce((sum, { amount }) => sum + amount, 0);
}

/** The discount whose adjustments count: the first that is not free shipping. */
export function activeDiscountId(discounts: readonly Discount[]): string | undefined {
  return discounts.find(({ type }) => type !== "free_shipping")?.id;
}

/** A discount on a cart or an order. */
export interface Discount {
  readonly id: string;
  readonly type: string;
}

/**
 * What a line is worth without tax and discount, the tax in a unit's price rounded. The base of tax
 * and of discounts.
 */
export function netAmount({ unitPrice, quantity, includesTax, rates }: Omit<Line, "id">): number {
  return includesTax
    ? (unitPrice - Math.round(taxIn(unitPrice, true, rates))) * quantity
    : unitPrice * quantity;
}

function taxOn(rates: readonly number[], amount: number): number {
  return rates.reduce((sum, rate) => sum + Math.round(amount * (rate / 100)), 0);
}
