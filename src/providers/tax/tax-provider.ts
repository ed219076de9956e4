import { z } from "zod";
import type { ProviderAddress, ProviderCustomer } from "../parties.ts";
import type { Provider, ProviderContext, ProviderKind } from "../provider-kind.ts";

/**
 * Says which taxes are on the lines and shipping methods of a cart, order or return. A region names
 * its provider; without one it is `system`.
 */
export interface TaxProvider extends Provider {
  /**
   * The tax lines, each of one item or one shipping method of the question; several on one add up,
   * none means no tax. What they come to in money is the shop's own arithmetic.
   */
  taxLines(question: TaxQuestion, context: ProviderContext): TaxLine[] | Promise<TaxLine[]>;
}

/** Amounts are in the smallest unit of the currency. */
export interface TaxQuestion {
  readonly currency_code: string;
  readonly region_id: string;
  readonly shipping_address: ProviderAddress | null;
  readonly customer: ProviderCustomer | null;
  /** The lines go back to the shop. */
  readonly is_return: boolean;
  readonly items: readonly TaxedItem[];
  readonly shipping_methods: readonly TaxedShipping[];
}

export interface TaxedItem {
  readonly item_id: string;
  /** Null for lines that are no variant's. */
  readonly variant_id: string | null;
  readonly product_id: string | null;
  readonly quantity: number;
  readonly unit_price: number;
  /** The unit price has the tax in it. */
  readonly includes_tax: boolean;
  /** Taken off the whole line; shares of a fixed discount have fractions. */
  readonly discount: number;
  /** Gift cards are paid with, and taxed by themselves. */
  readonly is_giftcard: boolean;
  /** What the shop's own tax rates say of it. */
  readonly rates: readonly TaxRate[];
}

export interface TaxedShipping {
  readonly shipping_method_id: string;
  readonly shipping_option_id: string;
  readonly price: number;
  readonly includes_tax: boolean;
  readonly rates: readonly TaxRate[];
}

export interface TaxRate {
  /** In percent. */
  readonly rate: number;
  readonly name: string;
  readonly code: string | null;
}

export type TaxLine = TaxRate &
  ({ readonly item_id: string } | { readonly shipping_method_id: string });

const rate = {
  rate: z.number().min(0).max(1000),
  name: z.string().min(1).max(255),
  code: z.string().max(255).nullable(),
};

/** Lines of something that was not in the question would hang on nothing. */
function taxLines({ items, shipping_methods }: TaxQuestion) {
  const itemIds = new Set(items.map(({ item_id }) => item_id));
  const methodIds = new Set(shipping_methods.map(({ shipping_method_id }) => shipping_method_id));
  const ofItem = z.object({ ...rate, item_id: z.string().refine((id) => itemIds.has(id)) });
  const ofShipping = z.object({
    ...rate,
    shipping_method_id: z.string().refine((id) => methodIds.has(id)),
  });
  return z.array(z.union([ofItem, ofShipping]));
}

export const taxKind: ProviderKind<TaxProvider> = {
  name: "tax",
  table: "tax_provider",
  methods: { taxLines: { answer: taxLines } },
};
