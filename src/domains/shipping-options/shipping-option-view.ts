import { shippingOption } from "../../graph/entities/shipping-entities.ts";
import { field, type Tree } from "../../graph/entity.ts";
import { shapeOf } from "../../graph/shape.ts";
import { taxPrice } from "../../money/tax-price.ts";

/** What is loaded of a shipping option: what is shown, its region and its own tax rates. */
export const shippingOptionShape = shapeOf(shippingOption, {
  paths: ["requirements"],
  needed: ["region", "tax_rates"],
});

/** A tax rate of a shipping option as answers show it; `rate` is percent. */
interface ShownRate {
  readonly rate: number | null;
  readonly name: string;
  readonly code: string | null;
}

/**
 * A shipping option with its price as a customer pays it: tax by its own rates, else by its
 * region's default rate, in the smallest unit of the currency. Where taxes are not automatic there
 * are none.
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
