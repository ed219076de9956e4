/** A price with its tax. Amounts are integers in the currency's smallest unit. */
export interface TaxedPrice {
  readonly tax: number;
  readonly inclTax: number;
}

/**
 * Returns the tax that a price includes, or that is added to it, rounded half up once. `rates` are
 * in percent and add up. This is Medusa 1.20.11's rule for catalogue prices.
 */
export function taxPrice(
  amount: number,
  includesTax: boolean,
  rates: readonly number[],
): TaxedPrice {
  const tax = Math.round(taxIn(amount, includesTax, rates));
  return { tax, inclTax: includesTax ? amount : amount + tax };
}

/** Returns the exact tax of an amount, not rounded. */
export function taxIn(amount: number, includesTax: boolean, rates: readonly number[]): number {
  const rate = rates.reduce((sum, percent) => sum + percent / 100, 0);
  return includesTax ? (rate * amount) / (1 + rate) : amount * rate;
}
