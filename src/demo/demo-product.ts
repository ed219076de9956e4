/**
 * What something costs in each currency of the demo shop, in whole units of it (89 is € 89.00,
 * 12800 is ¥ 12,800).
 */
export interface Prices {
  eur: number;
  gbp: number;
  usd: number;
  jpy: number;
}

/**
 * A product of the demo shop as its shopkeeper would describe it; its variants are every
 * combination of its options.
 */
export interface DemoProduct {
  handle: string;
  title: string;
  subtitle: string;
  description: string;
  /** Missing on the gift card only. */
  type?: string;
  /** Handle of the category it stands in. */
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
  /** Where a value of the first option costs something else. */
  pricesBy?: Readonly<Record<string, Prices>>;
  /** How the SKU of each variant begins. */
  sku: string;
  /** Whether its variants carry a barcode. */
  barcodes?: true;
  /** Stock of single variants, by title; the others have plenty. */
  stock?: Readonly<Record<string, number>>;
  /** Titles of variants that can be ordered when they are sold out. */
  backorder?: readonly string[];
  /** How long before the seeding it came into the shop. */
  daysOld: number;
  giftCard?: true;
}

/** A variant as its product's options spell it out. */
export interface DemoVariant {
  title: string;
  /** One value for each option of the product, in their order. */
  values: readonly string[];
  sku: string;
  prices: Prices;
}

/** Every combination of a product's options, the last option changing fastest. */
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

/** File names of a product's pictures in the pictures folder, the thumbnail first. */
export function picturesOf(product: DemoProduct): string[] {
  return [`${product.handle}-1.webp`, `${product.handle}-2.webp`];
}
