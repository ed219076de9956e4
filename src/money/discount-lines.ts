import {
  type Adjustment,
  activeDiscountId,
  type Discount,
  type Line,
  lineTotals,
} from "./line-totals.ts";
import { prorate } from "./prorate.ts";

/**
 * A discount on a cart. `value` is in percent, or an amount in the currency's smallest unit: for
 * the whole cart (allocation `total`) or for each unit (`item`).
 */
export interface CartDiscount extends Discount {
  readonly value: number;
  readonly allocation: string | null;
  /**
   * The most that a fixed amount may take off all lines together, in the smallest unit. Undefined
   * if there is no such limit.
   */
  readonly limit?: number | undefined;
}

/** A line with all that its discount depends on. */
export interface DiscountedLine extends Line {
  /** A return line of a swap's cart; it keeps the adjustments that it was sold with. */
  readonly isReturn: boolean;
  /** Whether the line meets the conditions of the active discount. */
  readonly isCovered: boolean;
}

/**
 * Returns the adjustments of each line, in the order of the lines. Amounts are in the currency's
 * smallest unit and may be fractions. Manual adjustments stay; those of discounts are replaced by
 * those of the active discount. A percentage is rounded per line. A fixed amount is prorated over
 * the lines that the discount covers. No adjustment exceeds its line's net amount.
 */
export function adjustLines(
  lines: readonly DiscountedLine[],
  discounts: readonly CartDiscount[],
): Adjustment[][] {
  const id = activeDiscountId(discounts);
  const discount = discounts.find((candidate) => candidate.id === id);
  const amounts = discount ? amountsOff(lines, discount) : [];
  return lines.map((line, index) => {
    if (line.isReturn) return [...line.adjustments];
    const manual = line.adjustments.filter(({ discountId }) => discountId === null);
    const amount = amounts[index] ?? 0;
    return amount > 0 && discount ? [...manual, { amount, discountId: discount.id }] : manual;
  });
}

/** Returns the discount of each line. A share of a fixed amount may be a fraction. */
function amountsOff(lines: readonly DiscountedLine[], discount: CartDiscount): number[] {
  const { type, value, allocation, limit } = discount;
  const netAmounts = lines.map((line) =>
    line.allowsDiscounts && line.isCovered && !line.isReturn
      ? lineTotals(line, undefined).subtotal
      : 0,
  );
  if (type === "percentage")
    return netAmounts.map((net) => Math.min(Math.round((net / 100) * value), net));
  const amounts =
    allocation === "total"
      ? prorate(value, netAmounts)
      : lines.map((line, index) => Math.min(value * line.quantity, netAmounts[index] ?? 0));
  return limit === undefined ? amounts : prorate(limit, amounts);
}
