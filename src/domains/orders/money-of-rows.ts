import { inner, type Tree } from "../../graph/entity.ts";
import type { GiftCard } from "../../money/gift-card-totals.ts";
import type { Discount, Line } from "../../money/line-totals.ts";
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
    adjustments: inner<Tree[]>(row, "adjustments").map((adjustment) => ({
      amount: adjustment["amount"] as number,
      discountId: adjustment["discount_id"] as string | null,
    })),
  };
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
  return { id: row["id"] as string, type: inner<Tree | null>(row, "rule")?.["type"] as string };
}

/** A loaded gift card as money/ reads it. */
export function giftCardOf(row: Tree): GiftCard {
  return { balance: row["balance"] as number, rate: row["tax_rate"] as number | null };
}

function ratesOf(row: Tree): number[] {
  return inner<Tree[]>(row, "tax_lines").map((taxLine) => taxLine["rate"] as number);
}
