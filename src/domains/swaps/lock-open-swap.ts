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
 * The swap that a cart is for, and its order, both locked: it can be confirmed, since what is to
 * come back has not come back otherwise, and is not on its way.
 * @throws NotFound · NotAllowed it was called off, or more comes back than is left · InvalidData
 * the order was canceled
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
  // What the shop has received before is counted as returned already.
  if (swap.return_status !== "received")
    requireReturnableItems(
      returnableLines(order),
      items,
      await findPendingReturnQuantities(trx, ids, swap.id),
    );
  return { swap, order };
}
