import type { TaxLine, TaxProvider } from "./tax-provider.ts";

/**
 * The shop's own tax rates, applied like Medusa's `system` provider: each rate of a line or
 * shipping method becomes a tax line.
 */
export const ratesProvider: TaxProvider = {
  id: "system",
  pure: true,
  taxLines: ({ items, shipping_methods }): TaxLine[] => [
    ...items.flatMap(({ item_id, rates }) =>
      rates.map(({ rate, name, code }) => ({ rate, name, code, item_id })),
    ),
    ...shipping_methods.flatMap(({ shipping_method_id, rates }) =>
      rates.map(({ rate, name, code }) => ({ rate, name, code, shipping_method_id })),
    ),
  ],
};
