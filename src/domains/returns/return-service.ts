import type { Knex } from "knex";
import { runCommand } from "../../commands/run-command.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Events } from "../../events/events.ts";
import { returnOrder } from "../../graph/entities/return-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import type { Providers } from "../../providers/providers.ts";
import type { AfterSaleAccess } from "../orders/after-sale-rules.ts";
import { decideReturn } from "./decide-return.ts";
import { findReferencedLines, findRefundableAmount, insertReturn } from "./return-queries.ts";
import { mustBeActiveLines } from "./return-rules.ts";
import type { NewReturn } from "./return-schemas.ts";
import { lockSoldOrder, requireSoldOrder } from "./sold-order.ts";

const shown = shapeOf(returnOrder, { paths: ["items.reason"] });

/** Requests returns of orders. The shop receives and refunds them in the back office. */
export class ReturnService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
    private readonly access: AfterSaleAccess,
  ) {}

  /**
   * Requests a return of an order. Two requests for one order run one after the other, so that no
   * unit is returned twice.
   * @throws NotFoundError if the order, a line, a reason or the shipping option does not exist
   * @throws UnauthorizedError if the shop requires the customer's login
   * @throws InvalidDataError if a line or reason cannot be returned, or the option is not for this
   * return
   * @throws NotAllowedError if a quantity is more than can be returned
   * @throws DuplicateError if a line is listed twice
   * @throws ProviderError
   */
  request(ctx: RequestContext, input: NewReturn): Promise<{ return: Tree }> {
    const { order_id, items, return_shipping } = input;
    return runCommand(this.database, ctx, {}, async (trx, tools) => {
      const found = await lockSoldOrder(trx, order_id, this.access, ctx);
      const lineIds = items.map(({ item_id }) => item_id);
      mustBeActiveLines(lineIds, await findReferencedLines(trx, lineIds));
      const order = requireSoldOrder(found, order_id);
      const id = tools.newId("ret");
      const returnRequest = { id, order, items, optionId: return_shipping?.option_id };
      const decided = await decideReturn(trx, this.providers, tools, returnRequest);
      // What gift cards paid, or was refunded already, does not come back as money.
      const refundable = await findRefundableAmount(trx, order_id);
      const idempotency_key = ctx.idempotency?.key ?? null;
      await insertReturn(trx, {
        ...decided,
        refund_amount: Math.min(decided.refund_amount, refundable),
        order_id,
        swap_id: null,
        idempotency_key,
        no_notification: null,
      });
      this.events.publish(trx, {
        name: "order.return_requested",
        data: { id: order_id, return_id: id },
      });
      return { return: (await loadTree(trx, shown, id))! };
    });
  }

  /**
   * Returns a return for a repeated request whose answer was not stored.
   * @throws NotFoundError if it was deleted meanwhile
   */
  async showAgain(id: string): Promise<{ return: Tree }> {
    const found = await loadTree(this.database, shown, id);
    if (!found) throw new NotFoundError(`Return with id ${id} was not found`);
    return { return: found };
  }
}
