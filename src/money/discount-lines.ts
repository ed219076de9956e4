import {
  type Adjustment,
  activeDiscountId,
  type Discount,
  type Line,
  lineTotals,
} from "./line-totals.ts";
import { prorate } from "./prorate.ts";

/**
 * A discount on a cart: `value` is percent, or an amount in the smallest unit, for the cart
 * (`total`) or for each piece (`item`).
 */
export interface CartDiscount extends Discount {
  readonly value: number;
  readonly allocation: string | null;
}

/** A line as discounts see it. */
export interface DiscountedLine extends Line {
  /** Came back on a swap; it keeps the adjustments that it was sold with. */
  readonly isReturn: boolean;
  /** Meets the conditions of the discount that counts. */
  readonly isCovered: boolean;
}

/**
 * What is taken off each line, in the order of the lines: adjustments made by hand stay, those of
 * discounts are made anew for the one that counts. A percentage is rounded a line. A fixed amount
 * is spread over all lines that take discounts, whether covered or not, but only covered ones get
 * their share, as in Medusa. Nobody gets more than the line is worth without tax.
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
    const byHand = line.adjustments.filter(({ discountId }) => discountId === null);
    const amount = line.isCovered && line.allowsDiscounts ? (amounts[index] ?? 0) : 0;
    return amount > 0 && discount ? [...byHand, { amount, discountId: discount.id }] : byHand;
  });
}

/**
 * The discount on each line that would be covered; in the smallest unit, a share of a fixed amount
 * with fractions.
 */
function amountsOff(
  lines: readonly DiscountedLine[],
  { type, value, allocation }: CartDiscount,
): number[] {
  const netAmounts = lines.map((line) =>
    line.allowsDiscounts && !line.isReturn ? lineTotals(line, undefined).subtotal : 0,
  );
  if (type === "percentage")
    return netAmounts.map((net) => Math.min(Math.round((net / 100) * value), net));
  if (allocation === "total") return prorate(value, netAmounts);
  return lines.map((line, index) => Math.min(value * line.quantity, netAmounts[index] ?? 0));
}
