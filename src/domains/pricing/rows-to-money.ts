import type { GiftCard } from "../../money/gift-card-totals.ts";
import type { Adjustment, Discount, Line } from "../../money/line-totals.ts";
import type { ShippingMethod } from "../../money/shipping-totals.ts";

/** What money/ needs of a tax line: percent. */
export interface TaxLineRow {
  readonly rate: number;
}

/** What money/ needs of a line beside its tax lines. */
export interface LineRow {
  readonly id: string;
  readonly unit_price: number;
  readonly quantity: number;
  readonly includes_tax: boolean;
  readonly allow_discounts: boolean;
  readonly is_return: boolean;
  readonly adjustments: readonly { readonly amount: number; readonly discount_id: string | null }[];
}

/**
 * A loaded line, with its tax lines and adjustments, as money/ reads it. What came back keeps the discount
 * that it was sold with (`isKept`), whatever codes its cart then has.
 */
export function lineOf(row: LineRow, taxLines: readonly TaxLineRow[]): Line {
  const alwaysApplies = row.is_return && row.allow_discounts;
  return {
    id: row.id,
    unitPrice: row.unit_price,
    quantity: row.quantity,
    includesTax: row.includes_tax,
    allowsDiscounts: row.allow_discounts,
    rates: taxLines.map(({ rate }) => rate),
    adjustments: row.adjustments.map(
      ({ amount, discount_id }): Adjustment => ({
        amount,
        discountId: alwaysApplies ? null : discount_id,
      }),
    ),
  };
}

/** What money/ needs of a shipping method beside its tax lines. */
export interface ShippingMethodRow {
  readonly id: string;
  readonly price: number;
  readonly includes_tax: boolean;
}

/** A loaded shipping method, with its tax lines, as money/ reads it. */
export function shippingMethodOf(
  row: ShippingMethodRow,
  taxLines: readonly TaxLineRow[],
): ShippingMethod {
  return {
    id: row.id,
    price: row.price,
    includesTax: row.includes_tax,
    rates: taxLines.map(({ rate }) => rate),
  };
}

/** What money/ needs of a discount. */
export interface DiscountRow {
  readonly id: string;
  readonly rule: { readonly type: string } | null;
}

/** A loaded discount, with its rule, as money/ reads it. Without one it is no free shipping. */
export function discountOf({ id, rule }: DiscountRow): Discount {
  return { id, type: rule?.type ?? "" };
}

/** A loaded gift card as money/ reads it. */
export function giftCardOf(row: {
  readonly balance: number;
  readonly tax_rate: number | null;
}): GiftCard {
  return { balance: row.balance, rate: row.tax_rate };
}
