import type { Knex } from "knex";
import { OutOfStockError } from "../../core/errors.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { reserveStock } from "../inventory/reserve-stock.ts";

/**
 * Reserves the stock of a cart's lines, except those that a swap returns.
 * @throws OutOfStockError
 */
export async function reserveCartStock(trx: Knex.Transaction, cart: Cart): Promise<void> {
  const lines = cart.items.filter((line) => line.variant_id !== null && !line.is_return);
  const lacking = new Set(
    await reserveStock(
      trx,
      lines.map((line) => ({ variantId: line.variant_id!, quantity: line.quantity })),
    ),
  );
  if (lacking.size > 0)
    throw new OutOfStockError(
      lines.map((line) => line.variant_id!).filter((id) => lacking.has(id)),
    );
}
