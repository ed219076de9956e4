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

/** A quantity of a line that comes back, and what came back before it. */
export interface RefundedQuantity {
  readonly quantity: number;
  readonly returned: number;
}

/**
 * Returns the refund for a quantity of a line, tax included: an integer in the currency's smallest
 * unit, never below zero. The refunds of all units add up to the total of the line, in whatever
 * parts they come back.
 */
export function quantityRefund(
  line: Line,
  { quantity, returned }: RefundedQuantity,
  discountId: string | undefined,
): number {
  const paid = (units: number) => {
    const { gross, discount } = amountsFor(line, units, discountId);
    return gross - Math.round(discount);
  };
  return Math.max(paid(returned + quantity) - paid(returned), 0);
}

/** What the first units of a line cost, in the currency's smallest unit. */
export interface AmountsForUnits {
  /** With the tax that was paid, without the discount: an integer. */
  readonly gross: number;
  /** May be a fraction. */
  readonly discount: number;
}

/**
 * Returns what the first units of a line cost: as much as a line of so many units, unless a unit is
 * so cheap that rounding the tax of such lines could make one more unit cost less.
 */
export function amountsFor(
  line: Line,
  quantity: number,
  discountId: string | undefined,
): AmountsForUnits {
  if (line.quantity <= 0) return { gross: 0, discount: 0 };
  const grossOf = (part: LineTotals) => part.subtotal + part.tax_total;
  const whole = lineTotals(line, discountId);
  const share = quantity / line.quantity;
  const isCheap = whole.total / line.quantity < line.rates.length + 2;
  const gross = isCheap
    ? Math.round(grossOf(whole) * share)
    : grossOf(lineTotals(partOf(line, quantity), discountId));
  return { gross, discount: whole.raw_discount_total * share };
}

/** Returns a line of a part of the units, with their share of the adjustments. */
function partOf(line: Line, quantity: number): Line {
  const share = quantity / line.quantity;
  const adjustments = line.adjustments.map((adjustment) => ({
    ...adjustment,
    amount: adjustment.amount * share,
  }));
  return { ...line, quantity, adjustments };
}

/**
 * Returns the refund for a quantity of a line of an order from before tax lines, like
 * `quantityRefund`. `rate` is the order's single tax rate, in percent.
 */
export function quantityRefundAtLegacyRate(
  line: Line,
  { quantity, returned }: RefundedQuantity,
  discountId: string | undefined,
  rate: number,
): number {
  const paid = (units: number) => paidAtLegacyRate(line, units, discountId, rate);
  return Math.max(paid(returned + quantity) - paid(returned), 0);
}

function paidAtLegacyRate(
  line: Line,
  quantity: number,
  discountId: string | undefined,
  rate: number,
): number {
  if (line.quantity <= 0) return 0;
  const part = partOf(line, quantity);
  const { subtotal, discount_total, tax_total } = lineTotalsAtLegacyRate(part, discountId, rate);
  return subtotal - discount_total + tax_total;
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

/** Returns the id of the active discount: the first discount other than free shipping. */
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
