import type { Knex } from "knex";
import { OutOfStockError } from "../../core/errors.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { reserveStock } from "../inventory/reserve-stock.ts";

/**
 * Takes what a cart sells out of stock; what came back on a swap is not among it.
 * @throws OutOfStock
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
