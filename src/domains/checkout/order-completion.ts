import { NotFoundError } from "../../core/errors.ts";
import { loadTree } from "../../graph/load-tree.ts";
import type { SalesRules } from "../carts/sales-rules.ts";
import { findOrderIdOfCart } from "../orders/order-queries.ts";
import { placedOrder } from "../orders/order-view.ts";
import { requireReadySession } from "./checkout-rules.ts";
import type { CompletionTarget } from "./completion-target.ts";
import { mustBeCompletable } from "./must-be-completable.ts";
import { type OrderPlacementDeps, placeOrder } from "./place-order.ts";

/** Returns the completion target of a shopper's or a draft order's cart: an order. */
export function orderCompletion(deps: OrderPlacementDeps, sales: SalesRules): CompletionTarget {
  return {
    find: findOrderIdOfCart,
    requireReadySession: async (trx, cart, due, conditions) => {
      const session = requireReadySession(cart, due);
      await mustBeCompletable(trx, cart, { sales, ...conditions, now: due.now });
      return session;
    },
    place: (trx, placement) => placeOrder(trx, deps, placement),
    show: async (connection, id) => {
      const { shape, present } = placedOrder();
      const order = await loadTree(connection, shape, id);
      if (!order) throw new NotFoundError(`Order with id ${id} was not found`);
      return { data: present(order), type: "order" };
    },
  };
}
