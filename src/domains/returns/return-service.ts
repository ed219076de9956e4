import type { Knex } from "knex";
import { runCommand } from "../../commands/run-command.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Events } from "../../events/events.ts";
import { returnOrder } from "../../graph/entities/return-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import type { Providers } from "../../providers/providers.ts";
import type { AfterSaleAccess } from "../orders/after-sale-rules.ts";
import { decideReturn } from "./decide-return.ts";
import { findReferencedLines, insertReturn } from "./return-queries.ts";
import { mustBeActiveLines } from "./return-rules.ts";
import type { NewReturn } from "./return-schemas.ts";
import { lockSoldOrder, requireSoldOrder } from "./sold-order.ts";

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
   * Asks to send pieces of an order back. Two returns of one order wait for each other, so that no
   * piece comes back twice.
   * @throws NotFound the order, a line, a reason or the option · InvalidData · NotAllowed more
   * pieces than are left · Duplicate a line twice
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
      const idempotency_key = ctx.idempotency?.key ?? null;
      await insertReturn(trx, {
        ...decided,
        order_id,
        swap_id: null,
        idempotency_key,
        no_notification: null,
      });
      await this.events.publish(trx, {
        name: "order.return_requested",
        data: { id: order_id, return_id: id },
      });
      return { return: (await loadTree(trx, shown, id))! };
    });
  }
}
