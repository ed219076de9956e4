import type { ProviderAddress } from "../../providers/parties.ts";
import type { WrappedProvider } from "../../providers/provider-kind.ts";
import { type Providers, taxProviderOf } from "../../providers/providers.ts";
import { ratesProvider } from "../../providers/tax/rates-provider.ts";
import type { TaxLine, TaxProvider, TaxQuestion } from "../../providers/tax/tax-provider.ts";
import { toProviderAddress } from "../../providers/to-provider-address.ts";
import { type CustomerRow, toProviderCustomer } from "../../providers/to-provider-customer.ts";
import type { Rate } from "../pricing/product-rates.ts";
import { type LineRow, lineOf } from "../pricing/rows-to-money.ts";
import {
  lineRates,
  optionRates,
  type TaxedLine,
  type TaxedOption,
  type TaxedRegion,
} from "./cart-to-money.ts";

/**
 * Tax rates of a cart's lines and shipping methods, by their ids, from an external tax provider.
 */
export type ProvidedRates = ReadonlyMap<string, readonly Rate[]>;

interface ItemRow extends LineRow, TaxedLine {
  readonly variant_id: string | null;
  readonly is_giftcard: boolean;
  readonly variant: (TaxedLine["variant"] & { readonly product_id: string }) | null;
}

interface MethodRow {
  readonly id: string;
  readonly shipping_option_id: string;
  readonly price: number;
  readonly includes_tax: boolean;
  readonly shipping_option: TaxedOption | null;
}

/** What a tax provider is called for: a cart, or the shipping of a return. */
export interface TaxedCart {
  readonly region: TaxedRegion & {
    readonly currency_code: string;
    readonly tax_provider_id: string | null;
  };
  readonly shipping_address: Partial<ProviderAddress> | null;
  readonly customer?: CustomerRow | null | undefined;
  readonly items: readonly ItemRow[];
  readonly shipping_methods: readonly MethodRow[];
}

/** Calls a tax provider. */
export type CallTaxProvider = (
  provider: WrappedProvider<TaxProvider>,
  question: TaxQuestion,
) => Promise<TaxLine[]>;

/**
 * Returns the rates of the tax provider of a loaded cart's region. Returns undefined, without a
 * call, if the shop's own rates apply.
 * @throws NotFoundError if this server does not have the region's provider
 * @throws ProviderError
 */
export async function findProvidedRates(
  providers: Providers,
  cart: TaxedCart,
  callTaxProvider: CallTaxProvider,
): Promise<ProvidedRates | undefined> {
  const id = cart.region.tax_provider_id;
  if (id === null || id === ratesProvider.id) return;
  const rates = new Map<string, Rate[]>();
  for (const line of await callTaxProvider(taxProviderOf(providers, id), questionOf(cart))) {
    const { rate, name, code } = line;
    const key = "item_id" in line ? line.item_id : line.shipping_method_id;
    rates.set(key, [...(rates.get(key) ?? []), { rate, name, code }]);
  }
  return rates;
}

function questionOf(cart: TaxedCart): TaxQuestion {
  const { region } = cart;
  const items = cart.items.filter((line) => !line.is_return);
  return {
    currency_code: region.currency_code,
    region_id: region.id,
    shipping_address: toProviderAddress(cart.shipping_address),
    customer: toProviderCustomer(cart.customer),
    is_return: false,
    items: items.map((line) => itemOf(line, region)),
    shipping_methods: cart.shipping_methods.map((method) => ({
      shipping_method_id: method.id,
      shipping_option_id: method.shipping_option_id,
      price: method.price,
      includes_tax: method.includes_tax,
      rates: optionRates(method.shipping_option, region),
    })),
  };
}

function itemOf(row: ItemRow, region: TaxedRegion): TaxQuestion["items"][number] {
  const rates = lineRates(row, region);
  const { id, quantity, unitPrice, includesTax, adjustments } = lineOf(row, rates);
  return {
    item_id: id,
    variant_id: row.variant_id,
    product_id: row.variant?.product_id ?? null,
    quantity,
    unit_price: unitPrice,
    includes_tax: includesTax,
    discount: adjustments.reduce((sum, { amount }) => sum + amount, 0),
    is_giftcard: row.is_giftcard,
    rates,
  };
}
