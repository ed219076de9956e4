import {
  amountsFor,
  type Line,
  netAmount,
  quantityRefundAtLegacyRate,
  type RefundedQuantity,
} from "./line-totals.ts";

/** A line of an order with the quantity of it that comes back now, and came back before. */
export interface ReturnedQuantity extends RefundedQuantity {
  readonly line: Line;
}

/**
 * The shipping of a return. The price is an integer in the currency's smallest unit, rates are in
 * percent.
 */
export interface ReturnShipping {
  readonly price: number;
  readonly includesTax: boolean;
  readonly rates: readonly number[];
}

/**
 * Returns the refund of a return: an integer in the currency's smallest unit, at least 0, even if
 * the return shipping costs more than the goods. The refunds of all units of an order add up to
 * what was paid for its goods, in whatever parts they come back.
 * @param lines all lines of the order, those included of which nothing comes back
 * @param discountId the active discount; only its adjustments apply, beside manual ones
 * @param rate the single tax rate, in percent, of an order from before tax lines
 */
export function refundTotal(
  lines: readonly ReturnedQuantity[],
  shipping: ReturnShipping | undefined,
  { discountId, rate }: { readonly discountId: string | undefined; readonly rate: number | null },
): number {
  const goods =
    rate === null
      ? paidForGoods(lines, ({ quantity, returned }) => returned + quantity, discountId) -
        paidForGoods(lines, ({ returned }) => returned, discountId)
      : lines.reduce(
          (sum, { line, ...units }) =>
            sum + quantityRefundAtLegacyRate(line, units, discountId, rate),
          0,
        );
  return Math.max(goods - (shipping ? shippingCost(shipping) : 0), 0);
}

/** The discount is rounded once, as in the totals of an order. */
function paidForGoods(
  lines: readonly ReturnedQuantity[],
  unitsOf: (line: ReturnedQuantity) => number,
  discountId: string | undefined,
): number {
  const amounts = lines.map((each) => amountsFor(each.line, unitsOf(each), discountId));
  const gross = amounts.reduce((sum, each) => sum + each.gross, 0);
  return gross - Math.round(amounts.reduce((sum, each) => sum + each.discount, 0));
}

/** The price with its tax, which is rounded for each rate. */
function shippingCost({ price, includesTax, rates }: ReturnShipping): number {
  const net = netAmount({
    unitPrice: price,
    quantity: 1,
    includesTax,
    rates,
    allowsDiscounts: false,
    adjustments: [],
  });
  return rates.reduce((sum, rate) => sum + Math.round(net * (rate / 100)), net);
}
