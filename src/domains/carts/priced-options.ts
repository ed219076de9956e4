import type { Tree } from "../../graph/entity.ts";
import { taxPrice } from "../../money/tax-price.ts";
import type { CartOption } from "../shipping-options/cart-option-queries.ts";
import { optionRates } from "./cart-to-money.ts";
import type { CartRegion } from "./cart-tree.ts";

/**
 * Returns shipping options with their taxes in a region; without taxes if the region does not
 * calculate them automatically. Amounts are in the smallest unit of the currency.
 */
export function pricedOptions(options: readonly CartOption[], region: CartRegion): Tree[] {
  return options.map((option) => {
    const rates = region.automatic_taxes ? optionRates(option, region) : [];
    const percents = rates.map(({ rate }) => rate);
    const { tax, inclTax } = taxPrice(option.amount ?? 0, option.includes_tax, percents);
    return { ...option, price_incl_tax: inclTax, tax_rates: rates, tax_amount: tax };
  });
}
