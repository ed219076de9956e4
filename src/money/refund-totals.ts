import { type Line, netAmount, quantityRefund, quantityRefundAtLegacyRate } from "./line-totals.ts";

/** A quantity of a line that is returned. */
export interface ReturnedQuantity {
  readonly line: Line;
  readonly quantity: number;
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
 * Returns the refund of a return: an integer in the currency's smallest unit, negative if the
 * return shipping costs more than the goods.
 * @param discountId the active discount; only its adjustments apply, beside manual ones
 * @param rate the single tax rate, in percent, of an order from before tax lines
 */
export function refundTotal(
  returned: readonly ReturnedQuantity[],
  shipping: ReturnShipping | undefined,
  { discountId, rate }: { readonly discountId: string | undefined; readonly rate: number | null },
): number {
  const refundOf = ({ line, quantity }: ReturnedQuantity) =>
    rate === null
      ? quantityRefund(line, quantity, discountId)
      : quantityRefundAtLegacyRate(line, quantity, discountId, rate);
  const goods = returned.reduce((sum, item) => sum + refundOf(item), 0);
  return Math.round(goods) - (shipping ? shippingCost(shipping) : 0);
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
