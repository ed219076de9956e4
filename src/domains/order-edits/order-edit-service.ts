import type { Knex } from "knex";
import { runIdempotently } from "../../commands/idempotency.ts";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import type { ViewQuery } from "../../graph/view.ts";
import type { Providers } from "../../providers/providers.ts";
import { type AfterSaleAccess, mustBeOpenTo } from "../orders/after-sale-rules.ts";
import { releaseIfClosed } from "../payment-collections/release-collection.ts";
import { assignPaymentsToOrder } from "../payments/payment-queries.ts";
import { type LockedOrderEdit, lockOrderEdit } from "./lock-order-edit.ts";
import { confirmOrderEdit, declineOrderEdit } from "./order-edit-queries.ts";
import { mustBePaid, mustBeRequested, mustCover, mustHaveOpenOrder } from "./order-edit-rules.ts";
import { orderEditShape, presentOrderEdit } from "./order-edit-view.ts";

type OrderEditAnswer = Promise<{ order_edit: Tree }>;

/** Edits of placed orders: the shop proposes an edit, and the customer confirms or declines it. */
export class OrderEditService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
    private readonly access: AfterSaleAccess,
    /** `mustBePaid`: an edit that costs more than what is authorized is not confirmed. */
    private readonly rules: { readonly mustBePaid: boolean },
  ) {}

  /**
   * Returns an edit with the totals that its order would have after it.
   * @throws NotFoundError if the edit does not exist
   * @throws InvalidDataError naming fields or relations that are not allowed
   */
  retrieve(ctx: RequestContext, id: string, viewQuery: ViewQuery): OrderEditAnswer {
    return this.#show(this.database, ctx, id, viewQuery);
  }

  /**
   * Confirms an edit: its lines and payments become the order's. As in Medusa, stock is not
   * changed. A repeat changes nothing.
   * @throws NotFoundError if the edit does not exist, or belongs to another customer's order
   * @throws UnauthorizedError if a login is required
   * @throws NotAllowedError if its payment is not authorized or is for less than it costs, it is
   * not requested, or its order is canceled
   */
  complete(ctx: RequestContext, id: string): OrderEditAnswer {
    return this.#decide(ctx, id, async (trx, edit) => {
      mustBePaid(edit.status, edit.collection_status);
      if (edit.status === "confirmed") return this.#assignPayments(trx, edit);
      mustBeRequested(edit.status, "complete");
      mustHaveOpenOrder(edit.order_status);
      if (this.rules.mustBePaid)
        mustCover(edit.authorized_amount, await this.#differenceDue(trx, id));
      await this.#assignPayments(trx, edit);
      await confirmOrderEdit(trx, edit, ctx.customerId);
      this.events.publish(trx, { name: "order-edit.confirmed", data: { id } });
    });
  }

  /**
   * Declines an edit. What was paid for it is refunded or voided. A repeat changes nothing, not
   * even the reason.
   * @throws NotFoundError if the edit does not exist, or belongs to another customer's order
   * @throws UnauthorizedError if a login is required
   * @throws NotAllowedError if the edit is not requested
   */
  decline(ctx: RequestContext, id: string, reason: string | null | undefined): OrderEditAnswer {
    return this.#decide(ctx, id, async (trx, { status, payment_collection_id }) => {
      if (status === "declined") return;
      mustBeRequested(status, "decline");
      await declineOrderEdit(trx, id, { by: ctx.customerId, reason });
      if (payment_collection_id) await releaseIfClosed(trx, this.providers, payment_collection_id);
      this.events.publish(trx, { name: "order-edit.declined", data: { id } });
    });
  }

  #decide(
    ctx: RequestContext,
    id: string,
    execute: (trx: Knex.Transaction, edit: LockedOrderEdit) => Promise<void>,
  ): OrderEditAnswer {
    const decide = () =>
      runIdempotently(this.database, ctx, async (trx) => {
        const edit = await lockOrderEdit(trx, id);
        const order = { id: edit.order_id, customer_id: edit.customer_id };
        mustBeOpenTo(this.access, order, ctx.customerId, `Order edit with id ${id}`);
        await execute(trx, edit);
        return this.#show(trx, ctx, id, {});
      });
    return serializeByKey(`order-edit:${id}`, decide);
  }

  async #assignPayments(trx: Knex.Transaction, edit: LockedOrderEdit): Promise<void> {
    if (edit.collection_status === null) return;
    const { payment_collection_id, order_id } = edit;
    for (const data of await assignPaymentsToOrder(trx, payment_collection_id, order_id))
      this.events.publish(trx, { name: "payment.updated", data });
  }

  /** Returns what the order costs more with the edit, in the smallest unit of the currency. */
  async #differenceDue(trx: Knex.Transaction, id: string): Promise<number> {
    const edit = await loadTree(trx, orderEditShape({}), id);
    return edit ? Number(presentOrderEdit(edit)["difference_due"]) : 0;
  }

  async #show(
    connection: Knex,
    ctx: RequestContext,
    id: string,
    viewQuery: ViewQuery,
  ): OrderEditAnswer {
    const edit = await loadTree(connection, orderEditShape(viewQuery), id, ctx.customerId);
    if (!edit) throw new NotFoundError(`Order edit with id ${id} was not found`);
    return { order_edit: presentOrderEdit(edit) };
  }
}
