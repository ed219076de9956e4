import { choosePrice, type Price } from "./choose-price.ts";
import { adjustLines, type CartDiscount, type DiscountedLine } from "./discount-lines.ts";
import type { GiftCard } from "./gift-card-totals.ts";
import type { Adjustment } from "./line-totals.ts";
import type { ShippingMethod } from "./shipping-totals.ts";
import { totalsOf } from "./totals.ts";

/** A line of a cart with all that its price hangs on. */
export interface CartLine extends DiscountedLine {
  /** The prices of its variant, when it shall be priced anew. */
  readonly prices?: readonly Price[] | undefined;
  /** The quantity it is priced for, where that is not its own. */
  readonly pricedQuantity?: number | undefined;
}

/** A chosen way of shipping. */
export interface CartShippingMethod extends ShippingMethod {
  /** What it costs when it is not free, in the smallest unit. */
  readonly fullPrice: number;
}

/**
 * A cart as the recalculation needs it. Rates are those that apply, whether the region shows taxes
 * by itself or not.
 */
export interface CartToRecalculate {
  readonly lines: readonly CartLine[];
  readonly shippingMethods: readonly CartShippingMethod[];
  readonly discounts: readonly CartDiscount[];
  /** In the order in which they pay. */
  readonly giftCards: readonly GiftCard[];
  readonly giftCardsTaxable: boolean;
  readonly region: {
    readonly id: string;
    readonly currencyCode: string;
    readonly automaticTaxes: boolean;
  };
  readonly groupIds: ReadonlySet<string>;
  /**
   * What is made anew: adjustments, since lines or codes changed; shipping prices, as the discounts
   * now have it or `full` whatever they are.
   */
  readonly toRecalculate: {
    readonly adjustments: boolean;
    readonly shippingPrices: "discounted" | "full" | undefined;
  };
  /** What becomes of a line that is to be priced anew and has no price here. */
  readonly unpriced: "keep" | "drop";
  readonly now: Date;
}

/** What a line becomes; integers in the smallest unit, but for adjustments. */
export interface RecalculatedLine {
  readonly id: string;
  /** Null for a line that is dropped. */
  readonly price: { readonly amount: number; readonly includesTax: boolean } | null;
  readonly adjustments: readonly Adjustment[];
}

/** What a cart becomes. */
export interface RecalculatedCart {
  /** In the order of the lines that were given. */
  readonly lines: readonly RecalculatedLine[];
  /** The price of each shipping method, likewise. */
  readonly shippingPrices: readonly number[];
  /** What is to be paid, taxes included: the amount of payment sessions. */
  readonly due: number;
}

/**
 * The cart after any change: lines priced where they are to be, discounts taken off, shipping free
 * or not, and what is then due.
 */
export function recalculateCart(cart: CartToRecalculate): RecalculatedCart {
  const prices = cart.lines.map((line) => priceOf(line, cart));
  const priced = cart.lines.map((line, index) => withPrice(line, prices[index] ?? null));
  const adjustments = cart.toRecalculate.adjustments
    ? adjustLines(priced, cart.discounts)
    : priced.map((line) => line.adjustments);
  const shippingPrices = cart.shippingMethods.map((method) => shippingPrice(method, cart));
  const { whole } = totalsOf({
    lines: priced.map((line, index) => ({ ...line, adjustments: adjustments[index] ?? [] })),
    shippingMethods: cart.shippingMethods.map((method, index) => ({
      ...method,
      price: shippingPrices[index] ?? 0,
    })),
    discounts: cart.discounts,
    giftCards: cart.giftCards,
    giftCardsTaxable: cart.giftCardsTaxable,
  });
  const lines = cart.lines.map(({ id }, index) => ({
    id,
    price: prices[index] ?? null,
    adjustments: adjustments[index] ?? [],
  }));
  return { lines, shippingPrices, due: whole.total };
}

function priceOf(
  line: CartLine,
  { region, groupIds, now, unpriced }: CartToRecalculate,
): RecalculatedLine["price"] {
  const present = { amount: line.unitPrice, includesTax: line.includesTax };
  if (!line.prices) return present;
  const { calculated } = choosePrice(line.prices, {
    regionId: region.id,
    currencyCode: region.currencyCode,
    groupIds,
    quantity: line.pricedQuantity ?? line.quantity,
    rates: region.automaticTaxes ? line.rates : undefined,
    now,
  });
  if (calculated) return { amount: calculated.amount, includesTax: calculated.includesTax };
  return unpriced === "keep" ? present : null;
}

function withPrice(line: CartLine, price: RecalculatedLine["price"]): CartLine {
  return price
    ? { ...line, unitPrice: price.amount, includesTax: price.includesTax }
    : { ...line, unitPrice: 0, quantity: 0, isCovered: false, adjustments: [] };
}

function shippingPrice(
  method: CartShippingMethod,
  { discounts, toRecalculate: renews }: CartToRecalculate,
): number {
  if (renews.shippingPrices === undefined) return method.price;
  if (renews.shippingPrices === "full") return method.fullPrice;
  return discounts.some(({ type }) => type === "free_shipping") ? 0 : method.fullPrice;
}
