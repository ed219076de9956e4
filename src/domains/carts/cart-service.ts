import type { Knex } from "knex";
import type { CommandTools } from "../../commands/command-tools.ts";
import type { CallProvider } from "../../commands/provider-calls.ts";
import { type CommandOrder, runCommand } from "../../commands/run-command.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Providers } from "../../providers/providers.ts";
import { loadCustomer } from "../customers/customer-view.ts";
import { queueSessionReleases } from "../payments/attempts/queue-session-releases.ts";
import { addShippingMethod, findOptionsFor } from "./add-shipping-method.ts";
import {
  type CartBounds,
  mustBeFewCodes,
  mustBeFewLines,
  mustBeWithinBounds,
} from "./cart-bounds.ts";
import { cartChangeOrder } from "./cart-lock.ts";
import { mayChangeHands } from "./cart-owner-rules.ts";
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
import { type Cart, loadCart, loadCartForUpdate } from "./cart-tree.ts";
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
import { losesShipping, recordLostShipping } from "./lost-shipping.ts";
import { pricedOptions } from "./priced-options.ts";
import { findProvidedRates, type ProvidedRates, type TaxedCart } from "./provided-rates.ts";
import { paymentSessionsOf } from "./recalculate.ts";
import type { SalesRules } from "./sales-rules.ts";
import { insertCart, saveCart } from "./save-cart.ts";

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
    private readonly sales: SalesRules & { readonly bounds: CartBounds },
  ) {}

  /** Creates a cart. */
  create(ctx: RequestContext, input: NewCart): CartAnswer {
    mustBeFewLines(input.items, this.sales.bounds);
    return this.#write(ctx, {}, defaultCartView, async (trx, tools) => {
      const cart = await createCart(trx, ctx, input, { ...tools, sales: this.sales });
      mustBeWithinBounds(undefined, cart, this.sales.bounds);
      const rates = await this.#fetchRates(tools.callProvider, cart);
      await insertCart(trx, cart);
      await this.events.publish(trx, { name: "cart.created", data: { id: cart.id } });
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
      ? this.#change(ctx, id, view, (trx, cart, tools) => transferToCustomer(trx, ctx, cart, tools))
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
    return this.#change(ctx, id, cartWithCustomer, (trx, cart, tools) =>
      addLine(trx, ctx, cart, input, tools),
    );
  }

  /** Changes a line's quantity and metadata. Removes the shipping methods. */
  changeLine(ctx: RequestContext, id: string, lineId: string, input: LineChange): CartAnswer {
    return this.#change(ctx, id, defaultCartView, (trx, cart) =>
      changeLine(trx, ctx, cart, lineId, input),
    );
  }

  /** Removes a line. A missing one is not an error. */
  removeLine(ctx: RequestContext, id: string, lineId: string): CartAnswer {
    return this.#change(ctx, id, defaultCartView, (trx, cart) =>
      removeLines(trx, ctx, cart, new Set([lineId])),
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
    return this.#change(ctx, id, defaultCartView, (trx, cart, tools) =>
      addShippingMethod(trx, ctx, cart, input, tools),
    );
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
      new FulfillmentGateway(this.providers),
    );
    return { shipping_options: pricedOptions(options, cart.region) };
  }

  /** Runs a change of one cart: load, decide, save what differs, show. */
  #change(ctx: RequestContext, id: string, view: CartView, decide: Decide): CartAnswer {
    return this.#write(ctx, cartChangeOrder(id), view, async (trx, tools) => {
      const before = await loadCartForUpdate(trx, id);
      const gateway = new FulfillmentGateway(this.providers, tools.callProvider);
      const decided = await decide(trx, before, { ...tools, gateway, sales: this.sales });
      mustBeWithinBounds(before, decided, this.sales.bounds);
      const rates = await this.#fetchRates(tools.callProvider, decided);
      const after = withProvidedDue(decided, rates, ctx.now);
      await this.#releaseRemovedSessions(trx, before, after);
      if (losesShipping(before, after)) await recordLostShipping(trx, id);
      if (await saveCart(trx, before, after)) await this.#publishChanges(trx, before, after, tools);
      return { id, rates };
    });
  }

  /** Queues the release of the payments whose sessions a change removes. */
  #releaseRemovedSessions(trx: Transaction, before: Cart, after: Cart): Promise<void> {
    const remaining = new Set(after.payment_sessions.map(({ id }) => id));
    const removed = before.payment_sessions.filter(({ id }) => !remaining.has(id));
    const resource = { id: before.id, currencyCode: before.region.currency_code };
    return queueSessionReleases(trx, this.providers, resource, removed);
  }

  async #publishChanges(
    trx: Transaction,
    before: Cart,
    { id, customer_id, email }: Cart,
    { isNewId }: CommandTools,
  ): Promise<void> {
    if (isNewId(customer_id))
      await this.events.publish(trx, {
        name: "customer.created",
        data: await loadCustomer(trx, customer_id!),
      });
    await this.events.publish(trx, { name: "cart.updated", data: { id } });
    const customerChanged = customer_id !== before.customer_id || email !== before.email;
    if (customerChanged)
      await this.events.publish(trx, { name: "cart.customer_updated", data: { id } });
  }

  #write(ctx: RequestContext, order: CommandOrder, view: CartView, execute: Execute): CartAnswer {
    const options = { ...order, toStoredAnswer: withoutRawDiscounts };
    return runCommand(this.database, ctx, options, async (trx, tools) => {
      const { id, rates } = await execute(trx, tools);
      const { now, customerId: viewerId } = ctx;
      return showCart(trx, id, view, { now, viewerId, findRates: async () => rates });
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
