import { NotFoundError } from "../../core/errors.ts";
import { loadTree } from "../../graph/load-tree.ts";
import type { SalesRules } from "../carts/sales-rules.ts";
import { requirePaymentSession, requireSufficientSession } from "../checkout/checkout-rules.ts";
import type { CompletionTarget } from "../checkout/completion-target.ts";
import { mustBeCompletable } from "../checkout/must-be-completable.ts";
import type { OrderPlacementDeps } from "../checkout/place-order.ts";
import { confirmSwap } from "./confirm-swap.ts";
import { lockOpenSwap } from "./lock-open-swap.ts";
import { findConfirmedSwapId } from "./swap-queries.ts";
import { mustBePaidByMoney } from "./swap-rules.ts";
import { confirmedSwap } from "./swap-view.ts";

/** Returns the completion target of a swap's cart: completing the cart confirms the swap. */
export function swapCompletion(deps: OrderPlacementDeps, sales: SalesRules): CompletionTarget {
  return {
    find: findConfirmedSwapId,
    requireReadySession: async (trx, cart, due, conditions) => {
      const session = requirePaymentSession(cart, due);
      mustBePaidByMoney(cart);
      await lockOpenSwap(trx, cart.id);
      if (session) requireSufficientSession(cart, session, due);
      await mustBeCompletable(trx, cart, { sales, ...conditions, now: due.now });
      return session;
    },
    place: (trx, placement) => confirmSwap(trx, deps, placement),
    show: async (connection, id) => {
      const swap = await loadTree(connection, confirmedSwap, id);
      if (!swap) throw new NotFoundError("Swap was not found");
      return { data: swap, type: "swap" };
    },
  };
}
