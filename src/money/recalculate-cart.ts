import { choosePrice, type Price } from "./choose-price.ts";
import { adjustLines, type CartDiscount, type DiscountedLine } from "./discount-lines.ts";
import type { GiftCard } from "./gift-card-totals.ts";
import type { Adjustment } from "./line-totals.ts";
import type { ShippingMethod } from "./shipping-totals.ts";
import { totalsOf } from "./totals.ts";

/** A line of a cart with all that its price depends on. */
export interface CartLine extends DiscountedLine {
  readonly variantId?: string | null;
  /**
   * The prices of its variant. Undefined if the line keeps its price: the shop set it by hand, or
   * it is a returned line of a swap.
   */
  readonly prices?: readonly Price[] | undefined;
  /** Whether the line is dropped if none of its prices applies. Otherwise it keeps its price. */
  readonly needsPrice?: boolean;
}

/** A chosen shipping method. */
export interface CartShippingMethod extends ShippingMethod {
  /**
   * Its price when shipping is not free, an integer in the currency's smallest unit. Undefined if
   * the shop set the price by hand: the method keeps it.
   */
  readonly fullPrice: number | undefined;
}

/**
 * A cart with all that its recalculation depends on. Rates are those that apply, even if the region
 * does not calculate taxes automatically.
 */
export interface CartToRecalculate {
  readonly lines: readonly CartLine[];
  readonly shippingMethods: readonly CartShippingMethod[];
  readonly discounts: readonly CartDiscount[];
  /** In the order in which they are redeemed. */
  readonly giftCards: readonly GiftCard[];
  readonly giftCardsTaxable: boolean;
  readonly region: {
    readonly id: string;
    readonly currencyCode: string;
    readonly automaticTaxes: boolean;
  };
  readonly groupIds: ReadonlySet<string>;
  /** Whether a line keeps its price if everybody would pay it now. */
  readonly keepsPublicPrices?: boolean;
  /**
   * How shipping methods are priced again: as the discounts say (`discounted`), or regardless of
   * them (`full`). Undefined keeps their prices.
   */
  readonly shippingPrices: "discounted" | "full" | undefined;
  readonly now: Date;
}

/**
 * A line after the recalculation. Amounts are integers in the currency's smallest unit, except
 * adjustments, which may be fractions.
 */
export interface RecalculatedLine {
  readonly id: string;
  /** Null if the line is dropped. */
  readonly price: { readonly amount: number; readonly includesTax: boolean } | null;
  readonly adjustments: readonly Adjustment[];
}

/** A cart after the recalculation. */
export interface RecalculatedCart {
  /** In the order of the cart's lines. */
  readonly lines: readonly RecalculatedLine[];
  /** The price of each shipping method, in the order of the methods. */
  readonly shippingPrices: readonly number[];
  /**
   * The amount due, taxes included, which payment sessions are for: an integer in the currency's
   * smallest unit.
   */
  readonly due: number;
}

/**
 * Recalculates a cart after any change: line prices, adjustments, shipping prices and the amount
 * due. They are always recalculated together, so that a discount fits the prices it is taken from.
 * Each line is priced for the quantity of its variant in all lines that are priced here.
 */
export function recalculateCart(cart: CartToRecalculate): RecalculatedCart {
  const quantities = pricedQuantities(cart.lines);
  const prices = cart.lines.map((line) => priceOf(line, quantities, cart));
  const priced = cart.lines.map((line, index) => withPrice(line, prices[index] ?? null));
  const adjustments = adjustLines(priced, cart.discounts);
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

/** Returns the quantity of each variant, by its id. */
function pricedQuantities(lines: readonly CartLine[]): ReadonlyMap<string, number> {
  const quantities = new Map<string, number>();
  for (const { variantId, prices, quantity } of lines) {
    if (prices && variantId) quantities.set(variantId, (quantities.get(variantId) ?? 0) + quantity);
  }
  return quantities;
}

function priceOf(
  line: CartLine,
  quantities: ReadonlyMap<string, number>,
  { region, groupIds, keepsPublicPrices, now }: CartToRecalculate,
): RecalculatedLine["price"] {
  const present = { amount: line.unitPrice, includesTax: line.includesTax };
  const { prices } = line;
  if (!prices) return present;
  const priceFor = (groups: ReadonlySet<string>) =>
    choosePrice(prices, {
      regionId: region.id,
      currencyCode: region.currencyCode,
      groupIds: groups,
      quantity: quantities.get(line.variantId ?? "") ?? line.quantity,
      rates: region.automaticTaxes ? line.rates : undefined,
      now,
    }).calculated;
  if (keepsPublicPrices && isEqual(priceFor(new Set()), present)) return present;
  const calculated = priceFor(groupIds);
  if (calculated) return { amount: calculated.amount, includesTax: calculated.includesTax };
  return line.needsPrice ? null : present;
}

type LinePrice = RecalculatedLine["price"];

function isEqual(one: LinePrice, other: LinePrice): boolean {
  return one?.amount === other?.amount && one?.includesTax === other?.includesTax;
}

function withPrice(line: CartLine, price: RecalculatedLine["price"]): CartLine {
  return price
    ? { ...line, unitPrice: price.amount, includesTax: price.includesTax }
    : { ...line, unitPrice: 0, quantity: 0, isCovered: false, adjustments: [] };
}

function shippingPrice(
  method: CartShippingMethod,
  { discounts, shippingPrices }: CartToRecalculate,
): number {
  if (shippingPrices === undefined || method.fullPrice === undefined) return method.price;
  if (shippingPrices === "full") return method.fullPrice;
  return discounts.some(({ type }) => type === "free_shipping") ? 0 : method.fullPrice;
}
