import type { GiftCard } from "../../money/gift-card-totals.ts";
import type { Adjustment, Discount, Line } from "../../money/line-totals.ts";
import type { ShippingMethod } from "../../money/shipping-totals.ts";

/** The column of a tax line that the money functions need, in percent. */
export interface TaxLineRow {
  readonly rate: number;
}

/** The columns of a line that the money functions need, besides those of its tax lines. */
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
 * Returns a line as the money functions take it. An adjustment of a return line that allows
 * discounts applies whatever discounts the cart has: the line keeps the discount that it was sold
 * with.
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

/** The columns of a line that tell whether a swap or a claim order has sent it. */
interface SentLineRow extends LineRow {
  readonly swap_id: string | null;
  readonly claim_order_id: string | null;
}

/**
 * Returns a line that was sold as the money functions take it. What a swap or a claim order has
 * sent has the discount of the cart that it came from, whatever discount its order has.
 */
export function soldLineOf(row: SentLineRow, taxLines: readonly TaxLineRow[]): Line {
  const line = lineOf(row, taxLines);
  if (!hasOwnDiscount(row) || !row.allow_discounts) return line;
  const adjustments = line.adjustments.map((adjustment) => ({ ...adjustment, discountId: null }));
  return { ...line, adjustments };
}

/** Returns whether a line's discount is that of a swap or a claim order, and not of its order. */
export function hasOwnDiscount({
  swap_id,
  claim_order_id,
}: Pick<SentLineRow, "swap_id" | "claim_order_id">): boolean {
  return swap_id !== null || claim_order_id !== null;
}

/** The columns of a shipping method that the money functions need, besides its tax lines. */
export interface ShippingMethodRow {
  readonly id: string;
  readonly price: number;
  readonly includes_tax: boolean;
}

/** Returns a shipping method as the money functions take it. */
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

/** The columns of a discount that the money functions need. */
export interface DiscountRow {
  readonly id: string;
  readonly rule: { readonly type: string } | null;
}

/**
 * Returns a discount as the money functions take it. A discount without its rule is not free
 * shipping.
 */
export function discountOf({ id, rule }: DiscountRow): Discount {
  return { id, type: rule?.type ?? "" };
}

/** Returns a gift card as the money functions take it. */
export function giftCardOf(row: {
  readonly balance: number;
  readonly tax_rate: number | null;
}): GiftCard {
  return { balance: row.balance, rate: row.tax_rate };
}
