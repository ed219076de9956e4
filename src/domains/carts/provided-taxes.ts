import { inner, type Tree } from "../../graph/entity.ts";
import type { ProviderAddress, ProviderCustomer } from "../../providers/parties.ts";
import type { Guarded } from "../../providers/provider-kind.ts";
import { type Providers, taxProviderOf } from "../../providers/providers.ts";
import { ratesProvider } from "../../providers/tax/rates-provider.ts";
import type { TaxLine, TaxProvider, TaxQuestion } from "../../providers/tax/tax-provider.ts";
import { lineOf } from "../orders/money-of-rows.ts";
import { lineRates, methodRates, type Rate } from "./cart-money.ts";

/** The rates of a cart's lines and shipping methods by their ids, where a provider of a shop's own says them. */
export type ProvidedRates = ReadonlyMap<string, readonly Rate[]>;

/** Puts a question to a tax provider. */
export type PutTaxQuestion = (provider: Guarded<TaxProvider>, question: TaxQuestion) => Promise<TaxLine[]>;

/**
 * What the tax provider of a loaded cart's region says of it; undefined where the shop's own rates count, which need no asking.
 * @throws NotFound the region names a provider that this server does not have · ProviderFailure
 */
export async function findProvidedRates(
  providers: Providers,
  cart: Tree,
  put: PutTaxQuestion,
): Promise<ProvidedRates | undefined> {
  const id = inner<Tree>(cart, "region")["tax_provider_id"] as string | null;
  if (id === null || id === ratesProvider.id) return;
  const rates = new Map<string, Rate[]>();
  for (const line of await put(taxProviderOf(providers, id), questionOf(cart))) {
    const { rate, name, code } = line;
    const key = "item_id" in line ? line.item_id : line.shipping_method_id;
    rates.set(key, [...(rates.get(key) ?? []), { rate, name, code }]);
  }
  return rates;
}

function questionOf(cart: Tree): TaxQuestion {
  const region = inner<Tree>(cart, "region");
  const items = inner<Tree[]>(cart, "items").filter((line) => line["is_return"] !== true);
  return {
    currency_code: region["currency_code"] as string,
    region_id: region["id"] as string,
    shipping_address: addressOf(inner<Tree | null>(cart, "shipping_address")),
    customer: customerOf(inner<Tree | null | undefined>(cart, "customer")),
    is_return: false,
    items: items.map((line) => itemOf(line, region)),
    shipping_methods: inner<Tree[]>(cart, "shipping_methods").map((method) => ({
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
    product_id: (inner<Tree | null>(row, "variant")?.["product_id"] as string | undefined) ?? null,
    quantity,
    unit_price: unitPrice,
    includes_tax: includesTax,
    discount: adjustments.reduce((sum, { amount }) => sum + amount, 0),
    is_giftcard: row["is_giftcard"] === true,
    rates: lineRates(row, region),
  };
}

const ADDRESS = [
  "first_name",
  "last_name",
  "company",
  "address_1",
  "address_2",
  "postal_code",
  "city",
  "province",
  "country_code",
  "phone",
] as const;

/** An address as providers see it. */
export function addressOf(row: Tree | null): ProviderAddress | null {
  return row && (Object.fromEntries(ADDRESS.map((column) => [column, row[column] ?? null])) as unknown as ProviderAddress);
}

/** A customer as providers see them. */
export function customerOf(row: Tree | null | undefined): ProviderCustomer | null {
  if (!row) return null;
  return { id: row["id"] as string, email: row["email"] as string, metadata: row["metadata"] as ProviderCustomer["metadata"] };
}
