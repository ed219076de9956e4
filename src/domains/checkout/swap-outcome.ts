import { NotFound } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { keepPayment } from "../payments/payment-rows.ts";
import { confirmSwap } from "../swaps/confirm-swap.ts";
import { lockOpenSwap } from "../swaps/open-swap.ts";
import { findConfirmedSwapId } from "../swaps/swap-queries.ts";
import { mustBePaidByMoney } from "../swaps/swap-rules.ts";
import { swapConfirmed } from "../swaps/swap-view.ts";
import { mustFit, mustHaveSession } from "./checkout-rules.ts";
import type { Outcome } from "./outcome.ts";

/** The cart of a swap confirms it. */
export function swapOutcome(events: Events): Outcome {
  return {
    find: findConfirmedSwapId,
    mustBeReady: async (trx, cart, due) => {
      const session = mustHaveSession(cart, due);
      mustBePaidByMoney(cart);
      await lockOpenSwap(trx, cart.id);
      return session && mustFit(cart, session, due);
    },
    place: async (trx, placing) => {
      const swap = await confirmSwap(trx, events, placing);
      if (placing.payment) await keepPayment(trx, placing.payment, { orderId: swap.order_id, swapId: swap.id });
      return swap.id;
    },
    show: async (connection, id) => {
      const swap = await loadTree(connection, swapConfirmed, id);
      if (!swap) throw new NotFound("Swap was not found");
      return { data: swap, type: "swap" };
    },
  };
}
