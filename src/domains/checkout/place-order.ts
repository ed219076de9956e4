import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import { OutOfStock } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import { cardsThatPay } from "../carts/cart-money.ts";
import { costed } from "../carts/cart-totals.ts";
import { type Cart, loadCart } from "../carts/cart-tree.ts";
import { countUses } from "../discounts/count-uses.ts";
import { type BoughtCards, issueCards } from "../gift-cards/issue-cards.ts";
import { lockCards, spendCards } from "../gift-cards/spend-cards.ts";
import { takeStock } from "../inventory/take-stock.ts";
import { insertOrder } from "../orders/insert-order.ts";
import { mustStillBeDue } from "./checkout-rules.ts";
import type { Placing } from "./outcomes.ts";

/**
 * Makes the order of a cart whose row is locked, with all that it takes: stock, uses of discounts, gift cards; gives its id. Locks are taken in one order:
 * variants, discounts, gift cards.
 * @throws OutOfStock · NotAllowed a discount is used up · Conflict what is due is not what was authorized
 */
export async function placeOrder(trx: Knex.Transaction, events: Events, placing: Placing): Promise<string> {
  const first = await loadCart(trx, placing.cartId);
  await takePieces(trx, first);
  await countUses(trx, first.discounts);
  await lockCards(
    trx,
    first.gift_cards.map(({ id }) => id),
  );
  const { cart, totals } = costed(await loadCart(trx, placing.cartId), { ...placing, forcesTaxes: true });
  mustStillBeDue(cart, totals.whole.total, placing.amount);
  const order = await insertOrder(trx, cart);
  await spendCards(trx, order.id, cardsThatPay(cart.gift_cards, placing.now), totals.whole.gift_card_total);
  const bought = cart.items.flatMap((line, index) => boughtCards(cart, line, totals.lines[index]!.subtotal));
  const cards = await issueCards(trx, { id: order.id, regionId: cart.region_id }, bought);
  await query(
    trx,
    sql`update cart set completed_at = now(), payment_authorized_at = now(), updated_at = now() where id = ${cart.id}`,
  );
  for (const id of cards) await events.publish(trx, { name: "gift_card.created", data: { id } });
  await events.publish(trx, { name: "order.placed", data: order.no_notification === null ? { id: order.id } : { ...order } });
  return order.id;
}

async function takePieces(trx: Knex.Transaction, cart: Cart): Promise<void> {
  const lines = cart.items.filter((line) => line.variant_id !== null && !line.is_return);
  const lacking = new Set(
    await takeStock(
      trx,
      lines.map((line) => ({ variantId: line.variant_id!, quantity: line.quantity })),
    ),
  );
  if (lacking.size > 0) throw new OutOfStock(lines.map((line) => line.variant_id!).filter((id) => lacking.has(id)));
}

/** A bought card is worth its price without tax; it remembers the rate it was taxed at where the region taxes cards. */
function boughtCards({ region }: Cart, line: Cart["items"][number], subtotal: number): BoughtCards[] {
  if (!line.is_giftcard || subtotal <= 0 || line.quantity <= 0) return [];
  const rate = line.tax_lines.reduce((sum, taxLine) => sum + taxLine.rate, 0);
  const taxRate = region.gift_cards_taxable ? rate || region.tax_rate || null : null;
  return [{ quantity: line.quantity, value: Math.round(subtotal / line.quantity), taxRate, metadata: line.metadata }];
}
