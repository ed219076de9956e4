/** A price with its tax; amounts are integers in the smallest unit of the currency. */
export interface TaxedPrice {
  readonly tax: number;
  readonly inclTax: number;
}

/**
 * The tax that is in a price (inclusive) or comes on top of it (exclusive), rounded half up once,
 * for rates in percent that add up. Medusa 1.20.11's rule for prices shown in the catalogue.
 */
export function taxPrice(
  amount: number,
  includesTax: boolean,
  rates: readonly number[],
): TaxedPrice {
  const tax = Math.round(taxIn(amount, includesTax, rates));
  return { tax, inclTax: includesTax ? amount : amount + tax };
}

/** The exact tax of an amount, not rounded. */
export function taxIn(amount: number, includesTax: boolean, rates: readonly number[]): number {
  const rate = rates.reduce((sum, percent) => sum + percent / 100, 0);
  return includesTax ? (rate * amount) / (1 + rate) : amount * rate;
}
