/**
 * A price in each currency of the demo shop, in whole units of the currency (89 is € 89.00, 12800
 * is ¥ 12,800).
 */
export interface Prices {
  eur: number;
  gbp: number;
  usd: number;
  jpy: number;
}

/**
 * A product of the demo shop, as its shopkeeper would describe it. Its variants are all
 * combinations of its options.
 */
export interface DemoProduct {
  handle: string;
  title: string;
  subtitle: string;
  description: string;
  /** Undefined for the gift card only. */
  type?: string;
  /** Handle of its category. */
  category?: string;
  /** Handle of its collection. */
  collection?: string;
  tags: readonly string[];
  material?: string;
  /** ISO 3166-1 alpha-2, lower case. */
  origin?: string;
  /** In grams. */
  weight?: number;
  /** Option titles with their values, both in the order they are shown. */
  options: Readonly<Record<string, readonly string[]>>;
  prices: Prices;
  /** Prices that depend on the value of the first option. */
  pricesBy?: Readonly<Record<string, Prices>>;
  /** Beginning of the SKU of each variant. */
  sku: string;
  /** Whether its variants have a barcode. */
  barcodes?: true;
  /** Stock of variants by title; the others have a default stock. */
  stock?: Readonly<Record<string, number>>;
  /** Titles of variants that can be ordered while they are out of stock. */
  backorder?: readonly string[];
  /** How many days before the seeding the product was created. */
  daysOld: number;
  giftCard?: true;
}

/** A variant of a product: a combination of its options. */
export interface DemoVariant {
  title: string;
  /** One value for each option of the product, in their order. */
  values: readonly string[];
  sku: string;
  prices: Prices;
}

/** Returns all combinations of a product's options; the last option changes fastest. */
export function variantsOf(product: DemoProduct): DemoVariant[] {
  const combinations = Object.values(product.options).reduce<string[][]>(
    (found, values) =>
      found.flatMap((combination) => values.map((value) => [...combination, value])),
    [[]],
  );
  return combinations.map((values) => ({
    title: values.join(" / "),
    values,
    sku: [
      product.sku,
      ...values.map((value) => value.toUpperCase().replace(/[^A-Z0-9]+/g, "")),
    ].join("-"),
    prices: product.pricesBy?.[values[0] ?? ""] ?? product.prices,
  }));
}

/** Returns the file names of a product's pictures, the thumbnail first. */
export function picturesOf(product: DemoProduct): string[] {
  return [`${product.handle}-1.webp`, `${product.handle}-2.webp`];
}

/** Returns a price in the unit in which prices are stored: cents and pence, but whole yen. */
export function smallestUnits(amount: number, currency: keyof Prices): number {
  return currency === "jpy" ? amount : Math.round(amount * 100);
}
