import { moneyAmount } from "../../graph/entities/price-entities.ts";
import { field, type Tree } from "../../graph/entity.ts";
import { choosePrice, type Price, type PriceChoice } from "../../money/choose-price.ts";
import { taxPrice } from "../../money/tax-price.ts";
import type { CataloguePriceContext } from "./price-context.ts";

/** The relations of a variant that pricing needs, relative to the variant. */
export const pricingRelations = [
  "prices.currency",
  "prices.region",
  "prices.price_list.customer_groups",
];

/** A tax rate as answers show it. `rate` is in percent. */
export type ShownRate = Tree & { readonly rate?: number | null };

/**
 * Returns the prices of a loaded variant as the money functions take them. Amounts are integers in
 * the currency's smallest unit.
 */
export function pricesOf(variant: Tree): Price[] {
  return field<Tree[]>(variant, "prices").map(candidate);
}

/**
 * The columns that pricing needs, by path, whatever columns are shown: prices in a context are
 * shown in full.
 */
export const pricingColumns: readonly (readonly [path: string, columns: readonly string[]])[] = [
  ["", ["id"]],
  ["prices", Object.keys(moneyAmount.columns)],
];

interface Candidate extends Price {
  readonly row: Tree;
}

/**
 * Adds to a loaded variant its prices in the context: `original_price`, `calculated_price` and
 * their taxes (integers in the currency's smallest unit, null if there is no price), and reduces
 * `prices` to those that apply. As in Medusa, a variant without any applicable price stays as it
 * is. `rates` are in percent.
 */
export function priceVariant(
  variant: Tree,
  context: CataloguePriceContext,
  rates: readonly ShownRate[],
): void {
  const taxed = context.automaticTaxes && context.regionId !== undefined;
  const percents = rates.map((rate) => rate.rate ?? 0);
  const choice = choosePrice(field<Tree[]>(variant, "prices").map(candidate), {
    ...context,
    rates: taxed ? percents : undefined,
  });
  if (choice.visible.length === 0) return;
  variant["prices"] = choice.visible.map(({ row }) => shownPrice(row, field(variant, "id")));
  Object.assign(
    variant,
    shownChoice(choice),
    taxed ? shownTaxes(choice, percents, rates) : NO_TAXES,
  );
}

function candidate(row: Tree): Candidate {
  const list = field<Tree | null>(row, "price_list");
  return {
    row,
    amount: field(row, "amount"),
    currencyCode: field(row, "currency_code"),
    regionId: field(row, "region_id"),
    minQuantity: field(row, "min_quantity"),
    maxQuantity: field(row, "max_quantity"),
    currencyIncludesTax: field<Tree | null>(row, "currency")?.["includes_tax"] === true,
    regionIncludesTax: field<Tree | null>(row, "region")?.["includes_tax"] === true,
    list: field(row, "price_list_id") === null ? null : list ? listOf(list) : undefined,
  };
}

function listOf(list: Tree): NonNullable<Price["list"]> {
  return {
    type: list["type"] as string,
    status: list["status"] as string,
    startsAt: list["starts_at"] as string | null,
    endsAt: list["ends_at"] as string | null,
    includesTax: list["includes_tax"] === true,
    groupIds: field<Tree[]>(list, "customer_groups").map((group) => group["id"] as string),
  };
}

function shownPrice(row: Tree, variantId: string): Tree {
  const columns = Object.keys(moneyAmount.columns).map((column) => [column, field(row, column)]);
  return {
    ...Object.fromEntries(columns),
    price_list: field(row, "price_list"),
    variant_id: variantId,
  };
}

function shownChoice({ original, calculated }: PriceChoice<Price>): Tree {
  return {
    original_price: original?.amount ?? null,
    calculated_price: calculated?.amount ?? null,
    ...(calculated ? { calculated_price_type: calculated.type } : {}),
    original_price_includes_tax: original?.includesTax ?? null,
    calculated_price_includes_tax: calculated?.includesTax ?? null,
  };
}

const NO_TAXES = {
  original_price_incl_tax: null,
  calculated_price_incl_tax: null,
  original_tax: null,
  calculated_tax: null,
  tax_rates: null,
};

function shownTaxes(
  { original, calculated }: PriceChoice<Price>,
  percents: readonly number[],
  rates: readonly ShownRate[],
): Tree {
  const originalTax = original && taxPrice(original.amount, original.includesTax, percents);
  const calculatedTax = calculated && taxPrice(calculated.amount, calculated.includesTax, percents);
  return {
    original_price_incl_tax: originalTax?.inclTax ?? null,
    calculated_price_incl_tax: calculatedTax?.inclTax ?? null,
    original_tax: originalTax?.tax ?? null,
    calculated_tax: calculatedTax?.tax ?? null,
    tax_rates: rates,
  };
}
