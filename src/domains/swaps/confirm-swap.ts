import type { Transaction } from "../../commands/transaction.ts";
import { priceCart } from "../carts/cart-totals.ts";
import { mustStillBeDue } from "../checkout/checkout-rules.ts";
import type { OrderPlacement } from "../checkout/completion-target.ts";
import { issueBoughtGiftCards } from "../checkout/issue-bought-gift-cards.ts";
import type { OrderPlacementDeps } from "../checkout/place-order.ts";
import { publishCompletion } from "../checkout/publish-completion.ts";
import { reserveCartStock } from "../checkout/reserve-cart-stock.ts";
import { keepAddresses } from "../customers/keep-address.ts";
import { incrementDiscountUsage } from "../discounts/increment-discount-usage.ts";
import { replaceTaxLines } from "../orders/insert-order.ts";
import { savePayment } from "../payments/payment-queries.ts";
import { lockOpenSwap } from "./lock-open-swap.ts";
import { recordConfirmation } from "./swap-queries.ts";
import { mustBePaidByMoney } from "./swap-rules.ts";

/**
 * Confirms the swap of a cart whose row is locked: increments the usage of new discounts, records
 * the difference due and its payment, and reserves stock for the additional items (unless
 * backorders are allowed). Returns the swap's id. Locks are taken in this order: swap, order,
 * discounts, variants. What is written is sent ahead: where stock is lacking or a discount is used
 * up, the transaction fails with OutOfStockError or NotAllowedError.
 * @throws NotAllowedError if the swap was canceled, or its lines can no longer be returned
 * @throws ConflictError if the amount due is not the authorized one
 */
export async function confirmSwap(
  trx: Transaction,
  { events, giftCards }: OrderPlacementDeps,
  placement: OrderPlacement,
): Promise<string> {
  const { swap, order } = await lockOpenSwap(trx, placement.cart.id);
  mustBePaidByMoney(placement.cart);
  const { cart, totals } = priceCart(placement.cart, { ...placement, forcesTaxes: true });
  mustStillBeDue(cart, totals.whole.total, placement.amount);
  const { id, no_notification, order_id: orderId } = swap;
  const countedDiscountIds = new Set(order.discounts.map((discount) => discount.id));
  incrementDiscountUsage(
    trx,
    cart.discounts.filter((discount) => !countedDiscountIds.has(discount.id)),
    false,
  );
  const [shipping_address_id = null] = keepAddresses(trx, [cart.shipping_address]);
  recordConfirmation(trx, id, { id: cart.id, shipping_address_id }, totals.whole.total);
  replaceTaxLines(trx, cart);
  const isPaid = giftCards.active === "ordered";
  issueBoughtGiftCards(trx, events, { id: orderId, isPaid }, { cart, totals });
  events.publish(trx, { name: "swap.payment_completed", data: { id, no_notification } });
  const { payment } = placement;
  const paymentId = payment && savePayment(trx, payment, { orderId, swapId: id });
  const isReserved = !swap.allow_backorder;
  await publishCompletion(trx, events, { cart, paymentId, isReserved });
  if (isReserved) reserveCartStock(trx, cart);
  return id;
}
