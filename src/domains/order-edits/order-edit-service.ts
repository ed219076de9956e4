import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import { inTurn } from "../../database/in-turn.ts";
import { NotFound } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import type { Asked } from "../../graph/view.ts";
import { type AfterSaleAccess, mustBeOpenTo } from "../orders/after-sale-rules.ts";
import {
  confirmOrderEdit,
  declineOrderEdit,
  givePaymentsToOrder,
  type LockedOrderEdit,
  lockOrderEdit,
} from "./order-edit-queries.ts";
import { mustBePaid, mustBeRequested } from "./order-edit-rules.ts";
import { orderEditShape, presentOrderEdit } from "./order-edit-view.ts";

type OrderEditAnswer = Promise<{ order_edit: Tree }>;

/** Edits of placed orders: the shop proposes one, its customer decides. */
export class OrderEditService {
  constructor(
    private readonly database: Knex,
    private readonly events: Events,
    private readonly access: AfterSaleAccess,
  ) {}

  /**
   * An edit, with the totals of its order as the edit would leave it.
   * @throws NotFound · InvalidData fields or relations that are not allowed
   */
  async retrieve(id: string, asked: Asked): OrderEditAnswer {
    return this.#show(this.database, id, asked);
  }

  /**
   * Confirms an edit: its lines and payments become the order's. Stock stays as it is, as in Medusa. Again it changes nothing.
   * @throws NotFound · NotAllowed its payment is not authorized, or it is not requested
   */
  complete(call: Call, id: string): OrderEditAnswer {
    return this.#decide(call, id, async (trx, edit) => {
      mustBePaid(edit.status, edit.collection_status);
      if (edit.status === "confirmed") return this.#takePayments(trx, edit);
      mustBeRequested(edit.status, "complete");
      await this.#takePayments(trx, edit);
      await confirmOrderEdit(trx, edit, call.customerId);
      await this.events.publish(trx, { name: "order-edit.confirmed", data: { id } });
    });
  }

  /**
   * Declines an edit. Again it changes nothing, the reason neither.
   * @throws NotFound · NotAllowed it is not requested
   */
  decline(call: Call, id: string, reason: string | null | undefined): OrderEditAnswer {
    return this.#decide(call, id, async (trx, { status }) => {
      if (status === "declined") return;
      mustBeRequested(status, "decline");
      await declineOrderEdit(trx, id, { by: call.customerId, reason });
      await this.events.publish(trx, { name: "order-edit.declined", data: { id } });
    });
  }

  #decide(call: Call, id: string, work: (trx: Knex.Transaction, edit: LockedOrderEdit) => Promise<void>): OrderEditAnswer {
    const decide = () =>
      answerOnce(this.database, call, async (trx) => {
        const edit = await lockOrderEdit(trx, id);
        const order = { id: edit.order_id, customer_id: edit.customer_id };
        mustBeOpenTo(this.access, order, call.customerId, `Order edit with id ${id}`);
        await work(trx, edit);
        return this.#show(trx, id, {});
      });
    return inTurn(`order-edit:${id}`, decide);
  }

  async #takePayments(trx: Knex.Transaction, edit: LockedOrderEdit): Promise<void> {
    if (edit.collection_status === null) return;
    for (const payment of await givePaymentsToOrder(trx, edit)) {
      await this.events.publish(trx, { name: "payment.updated", data: payment });
    }
  }

  async #show(connection: Knex, id: string, asked: Asked): OrderEditAnswer {
    const edit = await loadTree(connection, orderEditShape(asked), id);
    if (!edit) throw new NotFound(`Order edit with id ${id} was not found`);
    return { order_edit: presentOrderEdit(edit) };
  }
}
