import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import { findPendingReturnQuantities, findReferencedLines } from "../returns/return-queries.ts";
import { requireReturnableItems } from "../returns/return-rules.ts";
import {
  loadSoldOrder,
  requireSoldOrder,
  returnableLines,
  type SoldOrder,
} from "../returns/sold-order.ts";
import { lockSwapOfCart, type OpenSwap } from "./lock-swap.ts";
import { findReturnedItems } from "./swap-queries.ts";
import { mustBeConfirmable, mustNotBeCanceled } from "./swap-rules.ts";

/**
 * Locks the swap of a cart and its order. The swap can be confirmed: its lines were not returned
 * otherwise, and no other return of them is pending.
 * @throws NotFoundError if the cart has no swap
 * @throws NotAllowedError if the swap was canceled, or a quantity is more than can be returned
 * @throws InvalidDataError if the order of a line was canceled
 */
export async function lockOpenSwap(
  trx: Transaction,
  cartId: string,
): Promise<{ swap: OpenSwap; order: SoldOrder }> {
  const swap = await lockSwapOfCart(trx, cartId);
  if (!swap) throw new NotFoundError("Swap was not found");
  mustBeConfirmable(swap);
  const order = requireSoldOrder(await loadSoldOrder(trx, swap.order_id), swap.order_id);
  const items = await findReturnedItems(trx, swap.return_id);
  const ids = items.map(({ item_id }) => item_id);
  mustNotBeCanceled(await findReferencedLines(trx, ids));
  // If the shop has received the return, its quantities already count as returned.
  if (swap.return_status !== "received")
    requireReturnableItems(
      returnableLines(order),
      items,
      await findPendingReturnQuantities(trx, ids, swap.id),
    );
  return { swap, order };
}
