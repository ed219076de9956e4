import { columnsOf, pick } from "../../graph/columns.ts";
import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import { moneyAmount, priceList } from "../../graph/entities/price-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { needsOf, type TreeOfNeeds } from "../../graph/needs.ts";
import type { Preference } from "../../graph/shape.ts";
import { choosePrice, isOpen, type Price, type PriceChoice } from "../../money/choose-price.ts";
import { taxPrice } from "../../money/tax-price.ts";
import type { CataloguePriceContext } from "./price-context.ts";

const priceColumns = columnsOf(moneyAmount);
const listColumns = columnsOf(priceList);

/**
 * The columns of a variant that pricing needs, by relation path. Prices in a context are shown in
 * full.
 */
export const pricingColumns = {
  "": ["id"],
  prices: priceColumns,
  "prices.currency": ["includes_tax"],
  "prices.region": ["includes_tax"],
  "prices.price_list": listColumns,
  "prices.price_list.customer_groups": ["id"],
} as const;

/**
 * The prices that fit a request, by its region or else its currency: those that `choosePrice` can
 * show. A variant without any default price among them shows prices of other places.
 */
export const pricesInContext: Preference = {
  rows:
    "t.region_id = $2::text or t.currency_code = coalesce((select r.currency_code from region r " +
    "where r.id = $2::text and r.deleted_at is null), $3::text)",
  suffices: "t.price_list_id is null",
};

/** The columns that pricing needs, as needs of a variant. */
export const pricingNeeds = needsOf(productVariant, pricingColumns);

type VariantWithPrices = TreeOfNeeds<typeof pricingNeeds>;
type PriceRow = VariantWithPrices["prices"][number];

/** A tax rate as answers show it. `rate` is in percent. */
export interface ShownRate {
  readonly rate: number | null;
}

/**
 * Returns the prices of a loaded variant as the money functions take them. Amounts are integers in
 * the currency's smallest unit.
 */
export function pricesOf(variant: Pick<VariantWithPrices, "prices">): Price[] {
  return variant.prices.map(candidate);
}

interface Candidate extends Price {
  readonly row: PriceRow;
}

/**
 * Returns a loaded variant with its prices in the context: `original_price`, `calculated_price` and
 * their taxes (integers in the currency's smallest unit, null if there is no price), and `prices`
 * reduced to those that apply. As in Medusa, a variant without any applicable price has no
 * calculated prices, and lists those of other regions and currencies.
 * `rates` are in percent.
 */
export function withContextPrices(
  variant: VariantWithPrices,
  context: CataloguePriceContext,
  rates: readonly ShownRate[],
): Tree {
  const taxed = context.automaticTaxes && context.regionId !== undefined;
  const percents = rates.map((rate) => rate.rate ?? 0);
  const choice = choosePrice(variant.prices.map(candidate), {
    ...context,
    rates: taxed ? percents : undefined,
  });
  if (choice.visible.length === 0) return withOpenPrices(variant, context);
  return {
    ...variant,
    prices: choice.visible.map(({ row }) => shownPrice(row, variant.id)),
    ...shownChoice(choice),
    ...(taxed ? shownTaxes(choice, percents, rates) : NO_TAXES),
  };
}

/**
 * Returns a loaded variant without the prices that are not for this customer: those of lists of
 * other customer groups, of drafts, and of lists that are not running.
 */
export function withOpenPrices(variant: VariantWithPrices, context: CataloguePriceContext): Tree {
  if (!Object.hasOwn(variant, "prices")) return variant;
  return { ...variant, prices: variant.prices.filter((row) => isOpen(candidate(row), context)) };
}

function candidate(row: PriceRow): Candidate {
  const list = row.price_list;
  return {
    row,
    amount: row.amount,
    currencyCode: row.currency_code,
    regionId: row.region_id,
    minQuantity: row.min_quantity,
    maxQuantity: row.max_quantity,
    currencyIncludesTax: row.currency.includes_tax,
    regionIncludesTax: row.region?.includes_tax === true,
    list: row.price_list_id === null ? null : list ? listOf(list) : undefined,
  };
}

function listOf(list: NonNullable<PriceRow["price_list"]>): NonNullable<Price["list"]> {
  return {
    id: list.id,
    type: list.type,
    status: list.status,
    startsAt: list.starts_at,
    endsAt: list.ends_at,
    includesTax: list.includes_tax,
    groupIds: list.customer_groups.map(({ id }) => id),
  };
}

function shownPrice(row: PriceRow, variantId: string): Tree {
  return {
    ...pick(row, priceColumns),
    price_list: row.price_list && pick(row.price_list, listColumns),
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
