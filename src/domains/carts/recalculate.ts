import type { Transaction } from "../../commands/transaction.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { newId } from "../../database/new-id.ts";
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
import { accountOf, findBuyer } from "./find-buyer.ts";
import type { FulfillmentGateway } from "./fulfillment-gateway.ts";
import {
  findGrantedDiscounts,
  findPricedVariants,
  isPricedAgain,
  linePrices,
  type PricedVariants,
  withUsableDiscounts,
} from "./load-pricing.ts";

/** What the recalculation after a change must know of the change. */
export interface Recalculation {
  /** The ids of the lines that the change adds. Such a line is dropped if it has no price here. */
  readonly added?: ReadonlySet<string>;
  /**
   * Whether the change moved the cart to another region, or even to another currency. Lines that
   * have no price there are dropped.
   */
  readonly moved?: "region" | "currency" | undefined;
  /** The variants of the lines at least, if they were loaded already. */
  readonly variants?: PricedVariants;
  /**
   * Whether the change only prepares the payment. A visitor who pays for an account's cart pays the
   * account's prices, or those for everybody where the last change showed these.
   */
  readonly isPayment?: boolean;
  /** How shipping methods are priced again. Set if free shipping was added or removed. */
  readonly shippingPrices?: CartToRecalculate["shippingPrices"];
  /** Prices the shipping methods. Not needed for a cart that has none. */
  readonly gateway?: Pick<FulfillmentGateway, "priceShippingMethods">;
}

/**
 * Returns the cart after a change, with everything recalculated that depends on the customer, the
 * region, the prices, the codes, the quantities or the clock: codes that can no longer be used are
 * dropped, then prices, adjustments, shipping prices and the amounts of payment sessions are
 * calculated together. Prices that the shop set by hand stay.
 */
export async function recalculate(
  trx: Transaction,
  ctx: RequestContext,
  cart: Cart,
  change: Recalculation = {},
): Promise<Cart> {
  const { now } = ctx;
  const account = change.isPayment && !ctx.customerId ? accountOf(cart) : null;
  const buyer = account ?? (await findBuyer(trx, ctx, cart));
  const { cart: usable, covered } = await withUsableDiscounts(trx, cart, buyer, now);
  const losesFreeShipping = isShippedFree(cart) && !isShippedFree(usable);
  const shippingPrices = change.shippingPrices ?? (losesFreeShipping ? "discounted" : undefined);
  const next =
    shippingPrices && !isShippedFree(usable) && change.gateway
      ? await change.gateway.priceShippingMethods(usable)
      : usable;
  const granted = await findGrantedDiscounts(trx, next);
  const variants = change.variants ?? (await findPricedVariants(trx, next));
  const added = change.added ?? new Set();
  const prices = linePrices(next, variants, added);
  const needsPrice = (line: Line) =>
    added.has(line.id) ||
    change.moved === "currency" ||
    (change.moved === "region" &&
      isPricedAgain(next, line, added) &&
      variants.has(line.variant_id ?? ""));
  return applied(
    next,
    recalculateCart({
      lines: next.items.map((line) => ({
        ...toMoneyLine(line, next.region, covered),
        variantId: line.variant_id,
        prices: prices.get(line.id),
        needsPrice: needsPrice(line),
      })),
      shippingMethods: next.shipping_methods.map((method) => toMoneyShippingMethod(method, next)),
      discounts: next.discounts.map((discount) => toMoneyDiscount(discount, next, granted)),
      giftCards: toMoneyGiftCards(next.gift_cards, now),
      giftCardsTaxable: next.region.gift_cards_taxable,
      region: {
        id: next.region.id,
        currencyCode: next.region.currency_code,
        automaticTaxes: next.region.automatic_taxes,
      },
      groupIds: new Set(buyer?.groups.map(({ id }) => id)),
      keepsPublicPrices: account !== null,
      shippingPrices,
      now,
    }),
  );
}

/** Returns whether one of the cart's discounts is free shipping. */
export function isShippedFree({ discounts }: Pick<Cart, "discounts">): boolean {
  return discounts.some(({ rule }) => rule.type === "free_shipping");
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
