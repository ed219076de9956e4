import type { Transaction } from "../../commands/transaction.ts";
import { OutOfStockError } from "../../core/errors.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { reserveStock } from "../inventory/reserve-stock.ts";

/**
 * Reserves the stock of a cart's lines, except those that a swap returns. Sent ahead: where stock
 * is lacking, the transaction fails with OutOfStockError.
 */
export function reserveCartStock(trx: Transaction, cart: Cart): void {
  const lines = cart.items.filter((line) => line.variant_id !== null && !line.is_return);
  reserveStock(
    trx,
    lines.map((line) => ({ variantId: line.variant_id!, quantity: line.quantity })),
    (lacking) =>
      new OutOfStockError(
        lines.map((line) => line.variant_id!).filter((id) => lacking.includes(id)),
      ),
  );
}
