import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import type { Events } from "../../events/events.ts";
import { returnOrder } from "../../graph/entities/return-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import { consulting } from "../../providers/consulting.ts";
import type { Providers } from "../../providers/providers.ts";
import { KeptIds } from "../carts/means.ts";
import type { AfterSaleAccess } from "../orders/after-sale-rules.ts";
import { decideReturn } from "./request-return.ts";
import { findNamedLines, insertReturn } from "./return-queries.ts";
import { mustBeAlive } from "./return-rules.ts";
import type { NewReturn } from "./return-schemas.ts";
import { lockSoldOrder, mustBeSold } from "./sold-order.ts";

const shown = shapeOf(returnOrder, { paths: ["items.reason"] });

/** Asking to send things back. The shop receives and refunds them. */
export class ReturnService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
    private readonly access: AfterSaleAccess,
  ) {}

  /**
   * Asks to send pieces of an order back. Two returns of one order wait for each other, so that no piece comes back twice.
   * @throws NotFound the order, a line, a reason or the option · InvalidData · NotAllowed more pieces than are left · Duplicate a line twice
   */
  request(call: Call, sent: NewReturn): Promise<{ return: Tree }> {
    const ids = new KeptIds();
    const { order_id, items, return_shipping } = sent;
    return consulting((ask) =>
      answerOnce(this.database, call, async (trx) => {
        ids.restart();
        const found = await lockSoldOrder(trx, order_id, this.access, call);
        const named = items.map(({ item_id }) => item_id);
        mustBeAlive(named, await findNamedLines(trx, named));
        const order = mustBeSold(found, order_id);
        const means = { ask, newId: ids.next };
        const id = ids.next("ret");
        const wanted = { id, order, items, optionId: return_shipping?.option_id };
        const decided = await decideReturn(trx, this.providers, means, wanted);
        const idempotency_key = call.idempotency?.key ?? null;
        await insertReturn(trx, { ...decided, order_id, swap_id: null, idempotency_key, no_notification: null });
        await this.events.publish(trx, { name: "order.return_requested", data: { id: order_id, return_id: id } });
        return { return: (await loadTree(trx, shown, id))! };
      }),
    );
  }
}
