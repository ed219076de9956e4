import type { Knex } from "knex";
import type { CommandTools } from "../../commands/command-tools.ts";
import type { CallProvider } from "../../commands/provider-calls.ts";
import { type CommandOrder, runCommand } from "../../commands/run-command.ts";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { markUnfollowed } from "../payments/unfollowed-session-queries.ts";
import { addShippingMethod, findOptionsFor } from "./add-shipping-method.ts";
import {
  type CartBounds,
  mustBeFewCodes,
  mustBeFewLines,
  mustBeWithinBounds,
} from "./cart-bounds.ts";
import { cartChangeOrder } from "./cart-lock.ts";
import { mayChangeHands, provenCustomerId } from "./cart-owner-rules.ts";
import { findOwner } from "./cart-queries.ts";
import type {
  CartChange,
  CartQuery,
  LineChange,
  NewCart,
  NewLine,
  NewShippingMethod,
} from "./cart-schemas.ts";
import { totalsNow } from "./cart-totals.ts";
import { type Cart, loadCart } from "./cart-tree.ts";
import {
  asRequested,
  type CartView,
  cartWithCustomer,
  cartWithTaxes,
  defaultCartView,
  showCart,
  withoutRawDiscounts,
} from "./cart-view.ts";
import { changeCart, removeDiscount, transferToCustomer } from "./change-cart.ts";
import { addLine, changeLine, removeLines } from "./change-lines.ts";
import { createCart } from "./create-cart.ts";
import { type CartTools, FulfillmentGateway } from "./fulfillment-gateway.ts";
import { type AlsoLoaded, loadCartForUpdate } from "./load-cart-for-update.ts";
import { losesShipping, recordLostShipping } from "./lost-shipping.ts";
import { mayBeUnfollowed, withUnfollowed } from "./payment-question.ts";
import { pricedOptions } from "./priced-options.ts";
import { findProvidedRates, type ProvidedRates, type TaxedCart } from "./provided-rates.ts";
import { publishChanges } from "./publish-changes.ts";
import { paymentSessionsOf } from "./recalculate.ts";
import { releaseRemovedPayments } from "./release-removed-payments.ts";
import type { SalesRules } from "./sales-rules.ts";
import { insertCart, saveCart } from "./save-cart.ts";
import { type SessionFollower, withFollowed } from "./session-follower.ts";

/** How large a cart may be, and how long its list of shipping options waits for a carrier. */
interface CartLimits {
  readonly bounds: CartBounds;
  readonly shippingListSeconds: number;
}

interface ChangeOptions extends AlsoLoaded {
  /** Whether the client only looks at the cart. Payment providers that failed are left alone. */
  readonly isLook?: boolean;
}

type CartAnswer = Promise<{ cart: Tree }>;
type Decide = (trx: Transaction, cart: Cart, tools: CartTools) => Promise<Cart>;
type SavedCart = { readonly id: string; readonly rates: ProvidedRates | undefined };
type Execute = (trx: Transaction, tools: CommandTools) => Promise<SavedCart>;

/** Creates, changes and shows carts. The functions that it calls document what they refuse. */
export class CartService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
    private readonly sales: SalesRules & CartLimits,
    private readonly follower: Pick<SessionFollower, "tryToFollow">,
    private readonly log: Log,
  ) {}

  /** Creates a cart. */
  create(ctx: RequestContext, input: NewCart): CartAnswer {
    mustBeFewLines(input.items, this.sales.bounds);
    return this.#write(ctx, {}, defaultCartView, async (trx, tools) => {
      const cart = await createCart(trx, ctx, input, { ...tools, sales: this.sales });
      mustBeWithinBounds(undefined, cart, this.sales.bounds);
      const rates = await this.#fetchRates(tools.callProvider, cart);
      insertCart(trx, cart);
      this.events.publish(trx, { name: "cart.created", data: { id: cart.id } });
      return { id: cart.id, rates };
    });
  }

  /**
   * Returns a cart as the client requests it. A guest's cart is transferred to the logged-in
   * customer, at that customer's prices, if the shop's own code sent the request. Any other request
   * changes nothing, and sees what a visitor sees.
   * @throws NotFoundError if the cart does not exist
   * @throws InvalidDataError if fields or relations are not allowed
   */
  async retrieve(ctx: RequestContext, id: string, query: CartQuery): CartAnswer {
    if (!ctx.customerId || !ctx.isFromStorefront)
      return this.#show({ ...ctx, customerId: undefined }, id, asRequested(query, "anyone"));
    const owner = await findOwner(this.database, id);
    if (!owner) throw new NotFoundError(`Cart with ${id} was not found`);
    const isOwner = owner.customer_id === ctx.customerId;
    const isOpen = !owner.completed_at && !owner.is_being_completed;
    const isTransferred = isOpen && (isOwner || mayChangeHands(owner, ctx.customerId));
    const view = asRequested(query, isOwner || isTransferred ? "owner" : "anyone");
    return isTransferred
      ? this.#change(
          ctx,
          id,
          view,
          (trx, cart, tools) => transferToCustomer(trx, ctx, cart, tools),
          { isLook: true },
        )
      : this.#show(ctx, id, view);
  }

  /** Changes those properties of a cart that the input names. */
  change(ctx: RequestContext, id: string, input: CartChange): CartAnswer {
    mustBeFewCodes(input, this.sales.bounds);
    return this.#change(ctx, id, defaultCartView, (trx, cart, tools) =>
      changeCart(trx, ctx, cart, input, tools),
    );
  }

  /** Adds a variant to the cart. An equal line grows instead. Removes the shipping methods. */
  addLine(ctx: RequestContext, id: string, input: NewLine): CartAnswer {
    const add: Decide = (trx, cart, tools) => addLine(trx, ctx, cart, input, tools);
    return this.#change(ctx, id, cartWithCustomer, add, {
      variantIds: [input.variant_id],
    });
  }

  /** Changes a line's quantity and metadata. Removes the shipping methods. */
  changeLine(ctx: RequestContext, id: string, lineId: string, input: LineChange): CartAnswer {
    return this.#change(ctx, id, defaultCartView, (trx, cart, tools) =>
      changeLine(trx, ctx, cart, lineId, input, tools),
    );
  }

  /** Removes a line. A missing one is not an error. */
  removeLine(ctx: RequestContext, id: string, lineId: string): CartAnswer {
    return this.#change(ctx, id, defaultCartView, (trx, cart, tools) =>
      removeLines(trx, ctx, cart, new Set([lineId]), tools),
    );
  }

  /** Removes a discount by its code. A missing one is not an error. */
  removeDiscount(ctx: RequestContext, id: string, code: string): CartAnswer {
    return this.#change(ctx, id, defaultCartView, (trx, cart, tools) =>
      removeDiscount(trx, ctx, cart, code, tools),
    );
  }

  /** Adds a shipping method. It replaces those of the same shipping profile. */
  addShippingMethod(ctx: RequestContext, id: string, input: NewShippingMethod): CartAnswer {
    const add: Decide = (trx, cart, tools) => addShippingMethod(trx, ctx, cart, input, tools);
    return this.#change(ctx, id, defaultCartView, add, { optionId: input.option_id });
  }

  /**
   * Returns a cart with its taxes, even if its region does not calculate them automatically. Saves
   * nothing.
   * @throws NotFoundError if the cart does not exist
   */
  calculateTaxes(ctx: RequestContext, id: string): CartAnswer {
    return this.#show(ctx, id, cartWithTaxes);
  }

  /**
   * Returns a cart for a repeated request whose answer was not stored.
   * @throws NotFoundError if the cart does not exist
   */
  showAgain(ctx: RequestContext, id: string): CartAnswer {
    return this.#show(ctx, id, defaultCartView);
  }

  /**
   * Returns the shipping options that a cart can choose from, with their taxes.
   * @throws NotFoundError if the cart does not exist
   */
  async listShippingOptions(
    ctx: RequestContext,
    id: string,
  ): Promise<{ shipping_options: Tree[] }> {
    const cart = await loadCart(this.database, id);
    const options = await findOptionsFor(
      this.database,
      cart,
      ctx.now,
      new FulfillmentGateway(this.providers, undefined, this.log),
      this.sales.shippingListSeconds,
    );
    return { shipping_options: pricedOptions(options, cart.region) };
  }

  /** Runs a change of one cart: load, decide, save what differs, show. */
  async #change(
    ctx: RequestContext,
    id: string,
    view: CartView,
    decide: Decide,
    { isLook = false, ...also }: ChangeOptions = {},
  ): CartAnswer {
    let isToBeFollowed = false;
    const answer = await this.#write(ctx, cartChangeOrder(id), view, async (trx, tools) => {
      const { cart: before, variants, option } = await loadCartForUpdate(trx, id, also);
      const gateway = new FulfillmentGateway(this.providers, tools.callProvider, this.log);
      const decided = await decide(trx, before, {
        ...tools,
        ...{ gateway, sales: this.sales, variants, option },
      });
      mustBeWithinBounds(before, decided, this.sales.bounds);
      const rates = await this.#fetchRates(tools.callProvider, decided);
      const due = withProvidedDue(decided, rates, ctx.now);
      const { cart: after, unfollowed } = withUnfollowed(this.providers, before, due);
      markUnfollowed(trx, unfollowed, provenCustomerId(ctx, after));
      await releaseRemovedPayments(trx, this.providers, before, after);
      if (losesShipping(before, after)) recordLostShipping(trx, id);
      const isChanged = saveCart(trx, before, after);
      if (isChanged) await publishChanges(trx, this.events, { before, after }, tools);
      isToBeFollowed = (isChanged || !isLook) && mayBeUnfollowed(this.providers, after);
      return { id, rates };
    });
    return isToBeFollowed ? this.#follow(ctx, id, answer) : answer;
  }

  /** Tells payment providers of a committed change. Returns its answer with theirs. */
  async #follow(ctx: RequestContext, id: string, answer: { cart: Tree }): CartAnswer {
    const shown = { cart: withFollowed(answer.cart, await this.follower.tryToFollow(id)) };
    const { idempotency } = ctx;
    if (!idempotency) return shown;
    try {
      await runInTransaction(this.database, (trx) =>
        idempotency.store(trx, shown, withoutRawDiscounts(shown)),
      );
      return shown;
    } catch (err) {
      const about = { event: "followed_answer_not_stored", cart: id, err };
      this.log.warn(about, "An answer with what payment providers said could not be stored");
      return answer;
    }
  }

  #write(ctx: RequestContext, order: CommandOrder, view: CartView, execute: Execute): CartAnswer {
    const options = { ...order, toStoredAnswer: withoutRawDiscounts };
    return runCommand(this.database, ctx, options, async (trx, tools) => {
      const { id, rates } = await execute(trx, tools);
      const { now, customerId: viewerId } = ctx;
      const showing = { now, viewerId, findRates: async () => rates };
      return tools.showLast(() => showCart(trx, id, view, showing));
    });
  }

  /** Calls the tax provider directly: nothing is locked here while it answers. */
  #show(ctx: RequestContext, id: string, view: CartView): CartAnswer {
    const findRates = (cart: TaxedCart) =>
      findProvidedRates(this.providers, cart, (provider, question) => provider.taxLines(question));
    const { now, customerId: viewerId } = ctx;
    return showCart(this.database, id, view, { now, viewerId, findRates });
  }

  /**
   * Returns the rates of the region's tax provider, unless neither view nor payment sessions need
   * them.
   */
  async #fetchRates(callProvider: CallProvider, cart: Cart): Promise<ProvidedRates | undefined> {
    if (!cart.region.automatic_taxes && cart.payment_sessions.length === 0) return;
    return findProvidedRates(this.providers, cart, (provider, question) =>
      callProvider(provider, "taxLines", question),
    );
  }
}

/**
 * Returns the cart with session amounts calculated from the tax provider's rates, if there are any.
 */
function withProvidedDue(cart: Cart, rates: ProvidedRates | undefined, now: Date): Cart {
  if (!rates || cart.payment_sessions.length === 0) return cart;
  const { whole } = totalsNow(cart, { forcesTaxes: true, rates, now });
  return { ...cart, payment_sessions: paymentSessionsOf(cart, whole.total) };
}
