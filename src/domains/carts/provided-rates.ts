import { field, type Tree } from "../../graph/entity.ts";
import type { WrappedProvider } from "../../providers/provider-kind.ts";
import { type Providers, taxProviderOf } from "../../providers/providers.ts";
import { ratesProvider } from "../../providers/tax/rates-provider.ts";
import type { TaxLine, TaxProvider, TaxQuestion } from "../../providers/tax/tax-provider.ts";
import { toProviderAddress } from "../../providers/to-provider-address.ts";
import { toProviderCustomer } from "../../providers/to-provider-customer.ts";
import { lineOf } from "../pricing/rows-to-money.ts";
import { lineRates, methodRates, type Rate } from "./cart-to-money.ts";

/**
 * Tax rates of a cart's lines and shipping methods, by their ids, from an external tax provider.
 */
export type ProvidedRates = ReadonlyMap<string, readonly Rate[]>;

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
  cart: Tree,
  callTaxProvider: CallTaxProvider,
): Promise<ProvidedRates | undefined> {
  const id = field<Tree>(cart, "region")["tax_provider_id"] as string | null;
  if (id === null || id === ratesProvider.id) return;
  const rates = new Map<string, Rate[]>();
  for (const line of await callTaxProvider(taxProviderOf(providers, id), questionOf(cart))) {
    const { rate, name, code } = line;
    const key = "item_id" in line ? line.item_id : line.shipping_method_id;
    rates.set(key, [...(rates.get(key) ?? []), { rate, name, code }]);
  }
  return rates;
}

function questionOf(cart: Tree): TaxQuestion {
  const region = field<Tree>(cart, "region");
  const items = field<Tree[]>(cart, "items").filter((line) => line["is_return"] !== true);
  return {
    currency_code: region["currency_code"] as string,
    region_id: region["id"] as string,
    shipping_address: toProviderAddress(field<Tree | null>(cart, "shipping_address")),
    customer: toProviderCustomer(field<Tree | null | undefined>(cart, "customer")),
    is_return: false,
    items: items.map((line) => itemOf(line, region)),
    shipping_methods: field<Tree[]>(cart, "shipping_methods").map((method) => ({
      shipping_method_id: method["id"] as string,
      shipping_option_id: method["shipping_option_id"] as string,
      price: method["price"] as number,
      includes_tax: method["includes_tax"] === true,
      rates: methodRates(method, region),
    })),
  };
}

function itemOf(row: Tree, region: Tree): TaxQuestion["items"][number] {
  const { id, quantity, unitPrice, includesTax, adjustments } = lineOf(row);
  return {
    item_id: id,
    variant_id: row["variant_id"] as string | null,
    product_id: (field<Tree | null>(row, "variant")?.["product_id"] as string | undefined) ?? null,
    quantity,
    unit_price: unitPrice,
    includes_tax: includesTax,
    discount: adjustments.reduce((sum, { amount }) => sum + amount, 0),
    is_giftcard: row["is_giftcard"] === true,
    rates: lineRates(row, region),
  };
}
