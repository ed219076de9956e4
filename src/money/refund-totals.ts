import { type Line, netAmount, quantityRefund } from "./line-totals.ts";

/** Pieces of a line that come back. */
export interface ReturnedQuantity {
  readonly line: Line;
  readonly quantity: number;
}

/** The way back. The price is an integer in the smallest unit, rates are in percent. */
export interface ReturnShipping {
  readonly price: number;
  readonly includesTax: boolean;
  readonly rates: readonly number[];
}

/**
 * What a return gives back: an integer in the smallest unit, less than nothing where the way back
 * costs more than the goods.
 * @param discountId the one discount whose adjustments count
 * @param rate the one rate of an order from before tax lines, in percent
 */
export function refundTotal(
  returned: readonly ReturnedQuantity[],
  shipping: ReturnShipping | undefined,
  { discountId, rate }: { readonly discountId: string | undefined; readonly rate: number | null },
): number {
  const goods = returned.reduce(
    (sum, { line, quantity }) => sum + quantityRefund(line, quantity, discountId, rate),
    0,
  );
  return Math.round(goods) - (shipping ? shippingCost(shipping) : 0);
}

/** With its tax, which is rounded a rate. */
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
