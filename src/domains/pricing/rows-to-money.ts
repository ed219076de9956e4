import { field, type Tree } from "../../graph/entity.ts";
import type { GiftCard } from "../../money/gift-card-totals.ts";
import type { Adjustment, Discount, Line } from "../../money/line-totals.ts";
import type { ShippingMethod } from "../../money/shipping-totals.ts";

/** A loaded line, with its tax lines and adjustments, as money/ reads it. */
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
 * An adjustment as money/ reads it. What came back keeps the discount that it was sold with
 * (`isKept`), whatever codes its cart then has.
 */
export function toAdjustment(
  alwaysApplies: boolean,
  { amount, discount_id }: StoredAdjustment,
): Adjustment {
  return { amount, discountId: alwaysApplies ? null : discount_id };
}

/** A loaded shipping method, with its tax lines, as money/ reads it. */
export function shippingMethodOf(row: Tree): ShippingMethod {
  return {
    id: row["id"] as string,
    price: row["price"] as number,
    includesTax: row["includes_tax"] === true,
    rates: ratesOf(row),
  };
}

/** A loaded discount, with its rule, as money/ reads it. */
export function discountOf(row: Tree): Discount {
  return { id: row["id"] as string, type: field<Tree | null>(row, "rule")?.["type"] as string };
}

/** A loaded gift card as money/ reads it. */
export function giftCardOf(row: Tree): GiftCard {
  return { balance: row["balance"] as number, rate: row["tax_rate"] as number | null };
}

function ratesOf(row: Tree): number[] {
  return field<Tree[]>(row, "tax_lines").map((taxLine) => taxLine["rate"] as number);
}
