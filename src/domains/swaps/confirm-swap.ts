import type { Transaction } from "../../database/use-case.ts";
import type { Events } from "../../events/events.ts";
import { costed } from "../carts/cart-totals.ts";
import { loadCart } from "../carts/cart-tree.ts";
import { mustStillBeDue } from "../checkout/checkout-rules.ts";
import { issueBoughtCards } from "../checkout/issue-bought-cards.ts";
import type { Placing } from "../checkout/outcome.ts";
import { takePieces } from "../checkout/take-pieces.ts";
import { countUses } from "../discounts/count-uses.ts";
import { replaceTaxLines } from "../orders/insert-order.ts";
import { lockOpenSwap } from "./open-swap.ts";
import { noteConfirmed, type OpenSwap } from "./swap-queries.ts";
import { mustBePaidByMoney } from "./swap-rules.ts";

/**
 * Confirms the swap of a cart whose row is locked: what is sent instead is taken out of stock (unless it may be owed), new codes are used, and what is due, or is
 * given back, is noted. Locks are taken in one order: swap, order, variants, discounts.
 * @throws NotAllowed it was called off, what comes back is gone, or a discount is used up · OutOfStock · Conflict what is due is not what was authorized
 */
export async function confirmSwap(trx: Transaction, events: Events, placing: Placing): Promise<OpenSwap> {
  const { swap, order } = await lockOpenSwap(trx, placing.cartId);
  const open = await loadCart(trx, placing.cartId);
  mustBePaidByMoney(open);
  if (!swap.allow_backorder) await takePieces(trx, open);
  const counted = new Set(order.discounts.map(({ id }) => id));
  await countUses(
    trx,
    open.discounts.filter(({ id }) => !counted.has(id)),
    false,
  );
  const { cart, totals } = costed(open, { ...placing, forcesTaxes: true });
  mustStillBeDue(cart, totals.whole.total, placing.amount);
  await noteConfirmed(trx, swap.id, cart, totals.whole.total);
  await replaceTaxLines(trx, cart);
  await issueBoughtCards(trx, events, swap.order_id, { cart, totals });
  const { id, no_notification } = swap;
  await events.publish(trx, { name: "swap.payment_completed", data: { id, no_notification } });
  return swap;
}
