import type { Transaction } from "../../commands/transaction.ts";
import type { Events, ShopEvent } from "../../events/events.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { loadWholePayment } from "../payments/load-whole-payment.ts";

/** What changed with the completion of a cart. */
interface CompletedCart {
  readonly cart: Cart;
  /** The payment that pays for it; undefined where nothing was due. */
  readonly paymentId: string | undefined;
  /** Whether the stock of its lines was reserved. */
  readonly isReserved: boolean;
}

/**
 * Publishes what Medusa publishes about a completed cart beside its order or swap: the cart, its
 * payment, and the variants whose stock changed. Reads the payment only if somebody hears of it.
 */
export async function publishCompletion(
  trx: Transaction,
  events: Events,
  { cart, paymentId, isReserved }: CompletedCart,
): Promise<void> {
  const changed: ShopEvent[] = [{ name: "cart.updated", data: { id: cart.id } }];
  if (paymentId && events.isHeard("payment.updated"))
    changed.push({ name: "payment.updated", data: await loadWholePayment(trx, paymentId) });
  events.publishAll(trx, [...changed, ...(isReserved ? stockChanges(cart) : [])]);
}

function stockChanges({ items }: Cart): ShopEvent[] {
  const reserved = items.flatMap(({ variant, is_return }) =>
    variant && !is_return ? [variant] : [],
  );
  const byId = new Map(reserved.map((variant) => [variant.id, variant]));
  return [...byId.values()].map(({ id, product_id }) => ({
    name: "product-variant.updated",
    data: { id, product_id, fields: ["inventory_quantity"] },
  }));
}
