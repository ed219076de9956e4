import { newId } from "../../database/new-id.ts";
import type { Price } from "../../money/choose-price.ts";
import {
  type CartToRecalculate,
  type RecalculatedCart,
  type RecalculatedLine,
  recalculateCart,
} from "../../money/recalculate-cart.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import {
  toMoneyDiscount,
  toMoneyGiftCards,
  toMoneyLine,
  toMoneyShippingMethod,
} from "./cart-to-money.ts";
import type { Adjustment, Cart, Line } from "./cart-tree.ts";

/** What a change wants recalculated. */
export interface RecalculationOptions {
  /** The prices of the lines that are repriced, by line id. */
  readonly prices?: ReadonlyMap<string, readonly Price[]>;
  /** The quantities that these lines are priced for, by line id. Default: the line's quantity. */
  readonly pricedQuantities?: ReadonlyMap<string, number>;
  /** What happens to such a line if it has no price here. Default: `keep`. */
  readonly unpriced?: "keep" | "drop";
  /** The products that the active discount applies to. If set, adjustments are recalculated. */
  readonly covered?: ((productId: string) => boolean) | undefined;
  /**
   * How shipping methods are repriced. Set if free shipping was added or removed, or a method
   * chosen.
   */
  readonly shippingPrices?: CartToRecalculate["toRecalculate"]["shippingPrices"];
  readonly now: Date;
}

/**
 * Returns the cart after a change, with all its money recalculated: prices, adjustments, shipping
 * prices and the amounts of payment sessions.
 */
export function recalculate(cart: Cart, options: RecalculationOptions): Cart {
  const { now, covered, prices, pricedQuantities } = options;
  const result = recalculateCart({
    lines: cart.items.map((line) => ({
      ...toMoneyLine(line, cart.region, covered ?? (() => false)),
      prices: prices?.get(line.id),
      pricedQuantity: pricedQuantities?.get(line.id),
    })),
    shippingMethods: cart.shipping_methods.map((method) => toMoneyShippingMethod(method, cart)),
    discounts: cart.discounts.map(toMoneyDiscount),
    giftCards: toMoneyGiftCards(cart.gift_cards, now),
    giftCardsTaxable: cart.region.gift_cards_taxable,
    region: {
      id: cart.region.id,
      currencyCode: cart.region.currency_code,
      automaticTaxes: cart.region.automatic_taxes,
    },
    groupIds: new Set(cart.customer?.groups.map(({ id }) => id)),
    toRecalculate: { adjustments: covered !== undefined, shippingPrices: options.shippingPrices },
    unpriced: options.unpriced ?? "keep",
    now,
  });
  return applied(cart, result);
}

function applied(cart: Cart, result: RecalculatedCart): Cart {
  const items = cart.items.flatMap((line, index) => {
    const recalculatedLine = result.lines[index];
    return recalculatedLine?.price
      ? [appliedLine(line, recalculatedLine, recalculatedLine.price)]
      : [];
  });
  const shipping_methods = cart.shipping_methods.map((method, index) => ({
    ...method,
    price: result.shippingPrices[index] ?? method.price,
  }));
  return {
    ...cart,
    items,
    shipping_methods,
    payment_sessions: paymentSessionsOf(cart, result.due),
  };
}

function appliedLine(
  line: Line,
  { adjustments }: RecalculatedLine,
  price: NonNullable<RecalculatedLine["price"]>,
): Line {
  const priced = { ...line, unit_price: price.amount, includes_tax: price.includesTax };
  if (line.is_return) return priced;
  return {
    ...priced,
    adjustments: [
      ...line.adjustments.filter(({ discount_id }) => discount_id === null),
      ...adjustments.flatMap(({ amount, discountId }) =>
        discountId === null ? [] : [adjustmentOf(line, amount, discountId)],
      ),
    ],
  };
}

function adjustmentOf(line: Line, amount: number, discountId: string): Adjustment {
  const present = line.adjustments.find(({ discount_id }) => discount_id === discountId);
  const fresh = {
    id: newId("lia"),
    item_id: line.id,
    description: "discount",
    discount_id: discountId,
    metadata: null,
  };
  return { ...(present ?? fresh), amount };
}

/**
 * Returns the payment sessions with the amount due. If nothing is due, there are none. A session is
 * removed if the region does not have its provider.
 */
export function paymentSessionsOf(
  { payment_sessions, region }: Cart,
  due: number,
): PaymentSession[] {
  if (due <= 0) return [];
  const providers = new Set(region.payment_providers.map(({ id }) => id));
  return payment_sessions
    .filter((session) => providers.has(session.provider_id))
    .map((session) => ({ ...session, amount: due }));
}
