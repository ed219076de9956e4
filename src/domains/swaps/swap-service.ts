import type { Knex } from "knex";
import type { CommandTools } from "../../commands/command-tools.ts";
import { runCommand } from "../../commands/run-command.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import type { Providers } from "../../providers/providers.ts";
import { addNewLines } from "../carts/add-new-lines.ts";
import { type CartBounds, mustBeFewLines, mustBeWithinBounds } from "../carts/cart-bounds.ts";
import { mustBeSoldIn } from "../carts/cart-rules.ts";
import { recalculate } from "../carts/recalculate.ts";
import type { SalesRules } from "../carts/sales-rules.ts";
import { insertCart } from "../carts/save-cart.ts";
import type { AfterSaleAccess } from "../orders/after-sale-rules.ts";
import { decideReturn } from "../returns/decide-return.ts";
import { findReferencedLines, insertReturn } from "../returns/return-queries.ts";
import { mustBeActiveLines } from "../returns/return-rules.ts";
import { lockSoldOrder, requireSoldOrder } from "../returns/sold-order.ts";
import { buildEmptySwapCart, withReturnedLines } from "./swap-cart.ts";
import { findSwapIdOfCart, insertSwap, linkSwapToCart } from "./swap-queries.ts";
import { mustBeSwappable, mustNotBeCanceled } from "./swap-rules.ts";
import type { NewSwap } from "./swap-schemas.ts";
import { createdSwap, swapOfCart } from "./swap-view.ts";

/**
 * Creates swaps: items of an order are returned, others are sent instead, and a cart settles the
 * difference.
 */
export class SwapService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
    private readonly access: AfterSaleAccess,
    private readonly sales: SalesRules & { readonly bounds: CartBounds },
  ) {}

  /**
   * Creates a swap with its return and its cart. Nothing is settled before the cart is completed.
   * @throws NotFoundError if the order, a line, a reason or the shipping option does not exist
   * @throws UnauthorizedError if the shop requires the customer's login
   * @throws InvalidDataError if a line, a reason or an additional item cannot be used
   * @throws NotAllowedError if the order is not captured or fulfilled, or a quantity is more than
   * can be returned
   * @throws DuplicateError if a line is listed twice
   * @throws ProviderError
   */
  create(ctx: RequestContext, input: NewSwap): Promise<{ swap: Tree }> {
    mustBeFewLines(input.additional_items, this.sales.bounds);
    return runCommand(this.database, ctx, {}, async (trx, tools) => {
      const id = await this.#createSwap(trx, ctx, input, tools);
      return { swap: (await loadTree(trx, createdSwap, id))! };
    });
  }

  async #createSwap(
    trx: Transaction,
    ctx: RequestContext,
    input: NewSwap,
    tools: CommandTools,
  ): Promise<string> {
    const order = requireSoldOrder(
      await lockSoldOrder(trx, input.order_id, this.access, ctx),
      input.order_id,
    );
    const lineIds = input.return_items.map(({ item_id }) => item_id);
    const lines = await findReferencedLines(trx, lineIds);
    mustBeSwappable(order);
    mustNotBeCanceled(lines);
    const id = tools.newId("swap");
    const start = { swapId: id, order, newId: tools.newId, now: ctx.now };
    const filled = await addNewLines(trx, ctx, await buildEmptySwapCart(trx, start), {
      items: input.additional_items,
      columns: { swap_id: id, has_shipping: null },
      newId: tools.newId,
      sales: this.sales,
    });
    mustBeSoldIn(filled.cart.sales_channel_id, filled.variants);
    mustBeActiveLines(lineIds, lines);
    const optionId = input.return_shipping_option ?? undefined;
    const returnRequest = { id: tools.newId("ret"), order, items: input.return_items, optionId };
    const decidedReturn = await decideReturn(trx, this.providers, tools, returnRequest);
    const cart = await recalculate(trx, ctx, withReturnedLines(filled.cart, decidedReturn, start));
    mustBeWithinBounds(undefined, cart, this.sales.bounds);

    await insertSwap(trx, {
      id,
      order_id: order.id,
      idempotency_key: ctx.idempotency?.key ?? null,
    });
    await insertReturn(trx, {
      ...decidedReturn,
      order_id: null,
      swap_id: id,
      idempotency_key: null,
      no_notification: true,
    });
    this.events.publish(trx, { name: "swap.created", data: { id, no_notification: true } });
    await insertCart(trx, cart);
    this.events.publish(trx, { name: "cart.created", data: { id: cart.id } });
    await linkSwapToCart(trx, id, cart.id, cart.items);
    return id;
  }

  /**
   * Returns a swap for a repeated request whose answer was not stored.
   * @throws NotFoundError if it was deleted meanwhile
   */
  async showAgain(id: string): Promise<{ swap: Tree }> {
    const found = await loadTree(this.database, createdSwap, id);
    if (!found) throw new NotFoundError("Swap was not found");
    return { swap: found };
  }

  /**
   * Returns the swap of a cart.
   * @throws NotFoundError if the cart has no swap
   */
  async retrieveByCart(cartId: string): Promise<{ swap: Tree }> {
    const id = await findSwapIdOfCart(this.database, cartId);
    const swap = id && (await loadTree(this.database, swapOfCart, id));
    if (!swap) throw new NotFoundError("Swap was not found");
    return { swap };
  }
}
