import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import { payingGiftCards } from "../carts/cart-to-money.ts";
import { priceCart } from "../carts/cart-totals.ts";
import { loadCart } from "../carts/cart-tree.ts";
import { incrementDiscountUsage } from "../discounts/increment-discount-usage.ts";
import { lockGiftCards } from "../gift-cards/lock-gift-cards.ts";
import { redeemGiftCards } from "../gift-cards/redeem-gift-cards.ts";
import { insertOrder } from "../orders/insert-order.ts";
import { mustStillBeDue } from "./checkout-rules.ts";
import type { OrderPlacement } from "./completion-target.ts";
import { issueBoughtGiftCards } from "./issue-bought-gift-cards.ts";
import { reserveCartStock } from "./reserve-cart-stock.ts";

/** What placing an order needs beside the cart. */
export interface OrderPlacementDeps {
  readonly events: Events;
  /** When bought gift cards pay: once the order is `paid`, or as soon as it is `ordered`. */
  readonly giftCards: { readonly active: "paid" | "ordered" };
}

/**
 * Places the order of a cart whose row is locked: reserves stock, counts the uses of discounts and
 * redeems gift cards. Returns the order's id. Locks variants, then discounts, then gift cards.
 * @throws OutOfStockError
 * @throws NotAllowedError if a discount is used up
 * @throws AmountChangedError if the amount due is not the authorized one
 */
export async function placeOrder(
  trx: Knex.Transaction,
  { events, giftCards }: OrderPlacementDeps,
  placement: OrderPlacement,
): Promise<string> {
  const first = await loadCart(trx, placement.cartId);
  await reserveCartStock(trx, first);
  await incrementDiscountUsage(trx, first.discounts, events.forMedusa);
  await lockGiftCards(
    trx,
    first.gift_cards.map(({ id }) => id),
  );
  const { cart, totals } = priceCart(await loadCart(trx, placement.cartId), {
    ...placement,
    forcesTaxes: true,
  });
  mustStillBeDue(cart, totals.whole.total, placement.amount);
  const order = await insertOrder(trx, cart);
  await redeemGiftCards(
    trx,
    order.id,
    payingGiftCards(cart.gift_cards, placement.now),
    totals.whole.gift_card_total,
  );
  await query(
    trx,
    sql`update cart set completed_at = now(), payment_authorized_at = now(), updated_at = now()
      where id = ${cart.id}`,
  );
  const isPaid = giftCards.active === "ordered" || placement.amount === 0;
  await issueBoughtGiftCards(trx, events, { id: order.id, isPaid }, { cart, totals });
  await events.publish(trx, {
    name: "order.placed",
    data: order.no_notification === null ? { id: order.id } : { ...order },
  });
  return order.id;
}
