import { taxIn } from "./tax-price.ts";

/**
 * A chosen shipping method. The price is an integer in the currency's smallest unit, rates are in
 * percent.
 */
export interface ShippingMethod {
  readonly id: string;
  readonly price: number;
  readonly includesTax: boolean;
  readonly rates: readonly number[];
}

/** Integers in the currency's smallest unit. */
export interface ShippingTotals {
  /** Without tax. */
  readonly subtotal: number;
  readonly tax_total: number;
  readonly total: number;
  /** As if shipping were not free. */
  readonly original_total: number;
  readonly original_tax_total: number;
}

/**
 * Returns the totals of a shipping method. Its tax is rounded half up once, whatever the number of
 * rates.
 */
export function shippingTotals(method: ShippingMethod, isFree: boolean): ShippingTotals {
  const { price, includesTax, rates } = method;
  const tax = Math.round(rates.reduce((sum, rate) => sum + taxIn(price, includesTax, [rate]), 0));
  const total = includesTax ? price : price + tax;
  const subtotal = includesTax ? price - tax : price;
  return totals(
    { subtotal, tax_total: tax, total, original_total: total, original_tax_total: tax },
    isFree,
  );
}

/**
 * Returns the totals of a shipping method of an order from before tax lines. `rate` is the order's
 * single tax rate, in percent.
 */
export function shippingTotalsAtLegacyRate(
  { price }: ShippingMethod,
  isFree: boolean,
  rate: number,
): ShippingTotals {
  const tax = Math.round(price * (rate / 100));
  return totals(
    {
      subtotal: price,
      tax_total: tax,
      total: price,
      original_total: price,
      original_tax_total: tax,
    },
    isFree,
  );
}

function totals(paid: ShippingTotals, isFree: boolean): ShippingTotals {
  return isFree ? { ...paid, subtotal: 0, tax_total: 0, total: 0 } : paid;
}
