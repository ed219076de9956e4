import { NotFound } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { findOrderIdOfCart } from "../orders/order-queries.ts";
import { orderPlaced } from "../orders/order-view.ts";
import { keepPayment } from "../payments/payment-rows.ts";
import { mustBeReady } from "./checkout-rules.ts";
import type { Outcome } from "./outcome.ts";
import { placeOrder } from "./place-order.ts";

/** A shopper's cart, or a draft order's, becomes an order. */
export function orderOutcome(events: Events): Outcome {
  return {
    find: findOrderIdOfCart,
    mustBeReady: async (_trx, cart, due) => mustBeReady(cart, due),
    place: async (trx, placing) => {
      const orderId = await placeOrder(trx, events, placing);
      if (placing.payment) await keepPayment(trx, placing.payment, { orderId, swapId: null });
      return orderId;
    },
    show: async (connection, id) => {
      const { shape, present } = orderPlaced();
      const order = await loadTree(connection, shape, id);
      if (!order) throw new NotFound(`Order with id ${id} was not found`);
      return { data: present(order), type: "order" };
    },
  };
}
