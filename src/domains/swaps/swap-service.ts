import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import type { Transaction } from "../../database/use-case.ts";
import { NotFound } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { consulting } from "../../providers/consulting.ts";
import type { Providers } from "../../providers/providers.ts";
import { KeptIds, type Means } from "../carts/means.ts";
import { insertCart } from "../carts/save-cart.ts";
import type { AfterSaleAccess } from "../orders/after-sale-rules.ts";
import { decideReturn } from "../returns/request-return.ts";
import { findNamedLines, insertReturn } from "../returns/return-queries.ts";
import { mustBeAlive } from "../returns/return-rules.ts";
import { lockSoldOrder, mustBeSold } from "../returns/sold-order.ts";
import { emptySwapCart, withAdditional, withReturned } from "./swap-cart.ts";
import { findSwapIdOfCart, insertSwap, tieCart } from "./swap-queries.ts";
import { mustBeSwappable, mustNotBeCanceled } from "./swap-rules.ts";
import type { NewSwap } from "./swap-schemas.ts";
import { swapMade, swapOfCart } from "./swap-view.ts";

/** Exchanges: things of an order come back, others are sent instead, and a cart settles the difference. */
export class SwapService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
    private readonly access: AfterSaleAccess,
  ) {}

  /**
   * Makes a swap, the return that belongs to it and its cart. Nothing is settled before the cart is completed.
   * @throws NotFound the order, a line, a reason or the option · InvalidData · NotAllowed not paid or not sent yet, or more pieces than are left ·
   * Duplicate a line twice
   */
  create(call: Call, sent: NewSwap): Promise<{ swap: Tree }> {
    const ids = new KeptIds();
    return consulting((ask) =>
      answerOnce(this.database, call, async (trx) => {
        ids.restart();
        const id = await this.#make(trx, call, sent, { ask, newId: ids.next });
        return { swap: (await loadTree(trx, swapMade, id))! };
      }),
    );
  }

  async #make(trx: Transaction, call: Call, sent: NewSwap, means: Means): Promise<string> {
    const order = mustBeSold(await lockSoldOrder(trx, sent.order_id, this.access, call), sent.order_id);
    const named = sent.return_items.map(({ item_id }) => item_id);
    const lines = await findNamedLines(trx, named);
    mustBeSwappable(order);
    mustNotBeCanceled(lines);
    const id = means.newId("swap");
    const start = { swapId: id, order, newId: means.newId, now: call.now };
    const filled = await withAdditional(trx, await emptySwapCart(trx, start), sent.additional_items, start);
    mustBeAlive(named, lines);
    const optionId = sent.return_shipping_option ?? undefined;
    const wanted = { id: means.newId("ret"), order, items: sent.return_items, optionId };
    const back = await decideReturn(trx, this.providers, means, wanted);
    const cart = withReturned(filled, back, start);

    await insertSwap(trx, { id, order_id: order.id, idempotency_key: call.idempotency?.key ?? null });
    await insertReturn(trx, { ...back, order_id: null, swap_id: id, idempotency_key: null, no_notification: true });
    await this.events.publish(trx, { name: "swap.created", data: { id, no_notification: true } });
    await insertCart(trx, cart);
    await this.events.publish(trx, { name: "cart.created", data: { id: cart.id } });
    await tieCart(trx, id, cart.id, cart.items);
    return id;
  }

  /**
   * The swap that a cart is for.
   * @throws NotFound
   */
  async retrieveByCart(cartId: string): Promise<{ swap: Tree }> {
    const id = await findSwapIdOfCart(this.database, cartId);
    const swap = id && (await loadTree(this.database, swapOfCart, id));
    if (!swap) throw new NotFound("Swap was not found");
    return { swap };
  }
}
