import { shippingOption } from "../../graph/entities/shipping-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import { taxPrice } from "../../money/tax-price.ts";

/** What is loaded of a shipping option: what is shown, and its region and tax rates. */
export const shippingOptionShape = shapeOf(shippingOption, {
  paths: ["requirements"],
  needed: ["region", "tax_rates"],
});

type ShippingOption = TreeOfShape<typeof shippingOptionShape>;

/** A tax rate of a shipping option as answers show it. `rate` is in percent. */
interface ShownRate {
  readonly rate: number | null;
  readonly name: string;
  readonly code: string | null;
}

/**
 * Returns a shipping option with the price that a customer pays, an integer in the currency's
 * smallest unit. It is taxed by the option's own rates, or else by its region's default rate; not
 * at all if the region does not calculate taxes automatically.
 */
export function withPrice(option: ShippingOption): Tree {
  const rates = ratesOf(option);
  const percents = rates.map((rate) => rate.rate ?? 0);
  const { tax, inclTax } = taxPrice(option.amount ?? 0, option.includes_tax, percents);
  return { ...option, price_incl_tax: inclTax, tax_rates: rates, tax_amount: tax };
}

function ratesOf({ region, tax_rates }: ShippingOption): ShownRate[] {
  if (!region?.automatic_taxes) return [];
  if (tax_rates.length > 0) return tax_rates.map(({ rate, name, code }) => ({ rate, name, code }));
  return [{ rate: region.tax_rate, name: "default", code: "default" }];
}
