import { field, type Tree } from "../../graph/entity.ts";
import type { GiftCard } from "../../money/gift-card-totals.ts";
import type { Adjustment, Discount, Line } from "../../money/line-totals.ts";
import type { ShippingMethod } from "../../money/shipping-totals.ts";

/** Returns a line, loaded with its tax lines and adjustments, as the money functions take it. */
export function lineOf(row: Tree): Line {
  return {
    id: row["id"] as string,
    unitPrice: row["unit_price"] as number,
    quantity: row["quantity"] as number,
    includesTax: row["includes_tax"] === true,
    allowsDiscounts: row["allow_discounts"] === true,
    rates: ratesOf(row),
    adjustments: field<StoredAdjustment[]>(row, "adjustments").map((adjustment) =>
      toAdjustment(row["is_return"] === true && row["allow_discounts"] === true, adjustment),
    ),
  };
}

interface StoredAdjustment {
  readonly amount: number;
  readonly discount_id: string | null;
}

/**
 * Returns an adjustment as the money functions take it. With `alwaysApplies`, as for a return line,
 * which keeps the discount that it was sold with, it applies whatever discounts the cart has.
 */
export function toAdjustment(
  alwaysApplies: boolean,
  { amount, discount_id }: StoredAdjustment,
): Adjustment {
  return { amount, discountId: alwaysApplies ? null : discount_id };
}

/** Returns a shipping method, loaded with its tax lines, as the money functions take it. */
export function shippingMethodOf(row: Tree): ShippingMethod {
  return {
    id: row["id"] as string,
    price: row["price"] as number,
    includesTax: row["includes_tax"] === true,
    rates: ratesOf(row),
  };
}

/** Returns a discount, loaded with its rule, as the money functions take it. */
export function discountOf(row: Tree): Discount {
  return { id: row["id"] as string, type: field<Tree | null>(row, "rule")?.["type"] as string };
}

/** Returns a gift card as the money functions take it. */
export function giftCardOf(row: Tree): GiftCard {
  return { balance: row["balance"] as number, rate: row["tax_rate"] as number | null };
}

function ratesOf(row: Tree): number[] {
  return field<Tree[]>(row, "tax_lines").map((taxLine) => taxLine["rate"] as number);
}
