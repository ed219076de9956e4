import type { Transaction } from "../../commands/transaction.ts";
import { priceCart } from "../carts/cart-totals.ts";
import { loadCart } from "../carts/cart-tree.ts";
import { mustStillBeDue } from "../checkout/checkout-rules.ts";
import type { OrderPlacement } from "../checkout/completion-target.ts";
import { issueBoughtGiftCards } from "../checkout/issue-bought-gift-cards.ts";
import type { OrderPlacementDeps } from "../checkout/place-order.ts";
import { reserveCartStock } from "../checkout/reserve-cart-stock.ts";
import { keepAddresses } from "../customers/keep-address.ts";
import { incrementDiscountUsage } from "../discounts/increment-discount-usage.ts";
import { replaceTaxLines } from "../orders/insert-order.ts";
import { lockOpenSwap } from "./lock-open-swap.ts";
import type { OpenSwap } from "./lock-swap.ts";
import { recordConfirmation } from "./swap-queries.ts";
import { mustBePaidByMoney } from "./swap-rules.ts";

/**
 * Confirms the swap of a cart whose row is locked: reserves stock for the additional items (unless
 * backorders are allowed), increments the usage of new discounts, and records the difference due.
 * Locks are taken in this order: swap, order, variants, discounts.
 * @throws NotAllowedError if the swap was canceled, its lines can no longer be returned, or a
 * discount is used up
 * @throws OutOfStockError if the stock does not cover the additional items
 * @throws ConflictError if the amount due is not the authorized one
 */
export async function confirmSwap(
  trx: Transaction,
  { events, giftCards }: OrderPlacementDeps,
  placement: OrderPlacement,
): Promise<OpenSwap> {
  const { swap, order } = await lockOpenSwap(trx, placement.cartId);
  const openCart = await loadCart(trx, placement.cartId);
  mustBePaidByMoney(openCart);
  if (!swap.allow_backorder) await reserveCartStock(trx, openCart);
  const countedDiscountIds = new Set(order.discounts.map(({ id }) => id));
  await incrementDiscountUsage(
    trx,
    openCart.discounts.filter(({ id }) => !countedDiscountIds.has(id)),
    false,
  );
  const { cart, totals } = priceCart(openCart, { ...placement, forcesTaxes: true });
  mustStillBeDue(cart, totals.whole.total, placement.amount);
  const [shipping_address_id = null] = await keepAddresses(trx, [cart.shipping_address]);
  await recordConfirmation(trx, swap.id, { id: cart.id, shipping_address_id }, totals.whole.total);
  await replaceTaxLines(trx, cart);
  const isPaid = giftCards.active === "ordered";
  await issueBoughtGiftCards(trx, events, { id: swap.order_id, isPaid }, { cart, totals });
  const { id, no_notification } = swap;
  await events.publish(trx, { name: "swap.payment_completed", data: { id, no_notification } });
  return swap;
}
