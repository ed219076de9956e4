import type { Transaction } from "../../commands/transaction.ts";
import { execute, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import { payingGiftCards } from "../carts/cart-to-money.ts";
import { priceCart } from "../carts/cart-totals.ts";
import { incrementDiscountUsage } from "../discounts/increment-discount-usage.ts";
import { redeemGiftCards } from "../gift-cards/redeem-gift-cards.ts";
import { insertOrder } from "../orders/insert-order.ts";
import { savePayment } from "../payments/payment-queries.ts";
import { amountChanged, mustStillBeDue } from "./checkout-rules.ts";
import type { OrderPlacement } from "./completion-target.ts";
import { issueBoughtGiftCards } from "./issue-bought-gift-cards.ts";
import { publishCompletion } from "./publish-completion.ts";
import { reserveCartStock } from "./reserve-cart-stock.ts";

/** What placing an order needs beside the cart. */
export interface OrderPlacementDeps {
  readonly events: Events;
  /** When bought gift cards pay: once the order is `paid`, or as soon as it is `ordered`. */
  readonly giftCards: { readonly active: "paid" | "ordered" };
}

/**
 * Places the order of a cart whose row is locked: counts the uses of discounts, redeems gift cards,
 * saves the payment and reserves stock. Returns the order's id. All statements are sent ahead (but
 * for a read, where somebody hears of changed payments), so that what many orders want, such as the
 * stock of a popular product, is locked only until COMMIT has arrived with them. Locks discounts,
 * then gift cards, then variants. Where stock is lacking, a discount is used up or a gift card
 * covers no more what it should pay, the transaction fails with OutOfStockError, NotAllowedError or
 * AmountChangedError.
 * @throws AmountChangedError if the amount due is not the authorized one
 */
export async function placeOrder(
  trx: Transaction,
  { events, giftCards }: OrderPlacementDeps,
  placement: OrderPlacement,
): Promise<string> {
  const { amount, payment, now } = placement;
  const { cart, totals } = priceCart(placement.cart, { ...placement, forcesTaxes: true });
  mustStillBeDue(cart, totals.whole.total, amount);
  incrementDiscountUsage(trx, cart.discounts, events.forMedusa);
  const order = await insertOrder(trx, cart);
  const cards = payingGiftCards(cart.gift_cards, now);
  redeemGiftCards(trx, order.id, cards, totals.whole.gift_card_total, () => amountChanged(cart));
  execute(
    trx,
    sql`update cart set completed_at = now(), payment_authorized_at = now(), updated_at = now()
      where id = ${cart.id}`,
  );
  const isPaid = giftCards.active === "ordered" || amount === 0;
  issueBoughtGiftCards(trx, events, { id: order.id, isPaid }, { cart, totals });
  events.publish(trx, { name: "order.placed", data: { ...order } });
  const paymentId = payment && savePayment(trx, payment, { orderId: order.id, swapId: null });
  await publishCompletion(trx, events, { cart, paymentId, isReserved: true });
  reserveCartStock(trx, cart);
  return order.id;
}
