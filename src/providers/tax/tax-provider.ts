import { z } from "zod";
import type { ProviderAddress, ProviderCustomer } from "../parties.ts";
import type { Provider, ProviderContext, ProviderKind } from "../provider-kind.ts";

/**
 * Decides which taxes apply to the lines and shipping methods of a cart, order or return. A region
 * names its provider; without a name it is `system`.
 */
export interface TaxProvider extends Provider {
  /**
   * Returns the tax lines, each for one item or shipping method of the question. Several tax lines
   * of one item add up; none means no tax. The shop itself calculates the amounts.
   */
  taxLines(question: TaxQuestion, context: ProviderContext): TaxLine[] | Promise<TaxLine[]>;
}

/** A question for tax lines. Amounts are in the currency's smallest unit. */
export interface TaxQuestion {
  readonly currency_code: string;
  readonly region_id: string;
  readonly shipping_address: ProviderAddress | null;
  readonly customer: ProviderCustomer | null;
  /** Whether the lines are being returned to the shop. */
  readonly is_return: boolean;
  readonly items: readonly TaxedItem[];
  readonly shipping_methods: readonly TaxedShipping[];
}

/** A line to be taxed. */
export interface TaxedItem {
  readonly item_id: string;
  /** Null for lines without a variant. */
  readonly variant_id: string | null;
  readonly product_id: string | null;
  readonly quantity: number;
  readonly unit_price: number;
  /** Whether the unit price includes tax. */
  readonly includes_tax: boolean;
  /** The discount of the whole line; a share of a fixed discount may be a fraction. */
  readonly discount: number;
  /** Whether the line is a gift card, which is taxed by itself when bought. */
  readonly is_giftcard: boolean;
  /** The shop's own tax rates for the line. */
  readonly rates: readonly TaxRate[];
}

/** A shipping method to be taxed. */
export interface TaxedShipping {
  readonly shipping_method_id: string;
  readonly shipping_option_id: string;
  readonly price: number;
  readonly includes_tax: boolean;
  readonly rates: readonly TaxRate[];
}

/** A tax rate. */
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

/** A tax line for anything outside the question would belong to nothing. */
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

/** The methods and answers of tax providers. */
export const taxKind: ProviderKind<TaxProvider> = {
  name: "tax",
  table: "tax_provider",
  methods: { taxLines: { answer: taxLines } },
};
