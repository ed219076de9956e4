import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import { cardsThatPay } from "../carts/cart-money.ts";
import { costed } from "../carts/cart-totals.ts";
import { loadCart } from "../carts/cart-tree.ts";
import { countUses } from "../discounts/count-uses.ts";
import { lockCards, spendCards } from "../gift-cards/spend-cards.ts";
import { insertOrder } from "../orders/insert-order.ts";
import { mustStillBeDue } from "./checkout-rules.ts";
import { issueBoughtCards } from "./issue-bought-cards.ts";
import type { Placing } from "./outcome.ts";
import { takePieces } from "./take-pieces.ts";

/**
 * Makes the order of a cart whose row is locked, with all that it takes: stock, uses of discounts, gift cards; gives its id. Locks are taken in one order:
 * variants, discounts, gift cards.
 * @throws OutOfStock · NotAllowed a discount is used up · Conflict what is due is not what was authorized
 */
export async function placeOrder(trx: Knex.Transaction, events: Events, placing: Placing): Promise<string> {
  const first = await loadCart(trx, placing.cartId);
  await takePieces(trx, first);
  await countUses(trx, first.discounts, events.forMedusa);
  await lockCards(
    trx,
    first.gift_cards.map(({ id }) => id),
  );
  const { cart, totals } = costed(await loadCart(trx, placing.cartId), { ...placing, forcesTaxes: true });
  mustStillBeDue(cart, totals.whole.total, placing.amount);
  const order = await insertOrder(trx, cart);
  await spendCards(trx, order.id, cardsThatPay(cart.gift_cards, placing.now), totals.whole.gift_card_total);
  await query(
    trx,
    sql`update cart set completed_at = now(), payment_authorized_at = now(), updated_at = now() where id = ${cart.id}`,
  );
  await issueBoughtCards(trx, events, order.id, { cart, totals });
  await events.publish(trx, { name: "order.placed", data: order.no_notification === null ? { id: order.id } : { ...order } });
  return order.id;
}
