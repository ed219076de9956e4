import { shippingOption } from "../../graph/entities/shipping-entities.ts";
import { field, type Tree } from "../../graph/entity.ts";
import { shapeOf } from "../../graph/shape.ts";
import { taxPrice } from "../../money/tax-price.ts";

/** What is loaded of a shipping option: what is shown, and its region and tax rates. */
export const shippingOptionShape = shapeOf(shippingOption, {
  paths: ["requirements"],
  needed: ["region", "tax_rates"],
});

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
export function withPrice(option: Tree): Tree {
  const amount = field<number | null>(option, "amount") ?? 0;
  const rates = ratesOf(option);
  const percents = rates.map((rate) => rate.rate ?? 0);
  const { tax, inclTax } = taxPrice(amount, field(option, "includes_tax"), percents);
  return { ...option, price_incl_tax: inclTax, tax_rates: rates, tax_amount: tax };
}

function ratesOf(option: Tree): ShownRate[] {
  const region = field<Tree | null>(option, "region");
  if (!region?.["automatic_taxes"]) return [];
  const own = field<Tree[]>(option, "tax_rates") as unknown as ShownRate[];
  if (own.length > 0) return own.map(({ rate, name, code }) => ({ rate, name, code }));
  return [{ rate: region["tax_rate"] as number, name: "default", code: "default" }];
}
