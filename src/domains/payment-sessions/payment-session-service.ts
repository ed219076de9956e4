import type { Knex } from "knex";
import type { CommandTools } from "../../commands/command-tools.ts";
import { runCommand } from "../../commands/run-command.ts";
import type { Transaction } from "../../commands/transaction.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { cartChangeOrder } from "../carts/cart-lock.ts";
import { provenCustomerId } from "../carts/cart-owner-rules.ts";
import { mustBeOpen } from "../carts/cart-rules.ts";
import { totalsNow } from "../carts/cart-totals.ts";
import type { Cart } from "../carts/cart-tree.ts";
import {
  type CartView,
  cartWithFewRelations,
  cartWithPaymentSessions,
  defaultCartView,
  showCart,
} from "../carts/cart-view.ts";
import { FulfillmentGateway } from "../carts/fulfillment-gateway.ts";
import { loadCartForUpdate } from "../carts/load-cart-for-update.ts";
import { losesShipping, recordLostShipping } from "../carts/lost-shipping.ts";
import { findProvidedRates } from "../carts/provided-rates.ts";
import { recalculate } from "../carts/recalculate.ts";
import { saveCart } from "../carts/save-cart.ts";
import type { SessionFollower } from "../carts/session-follower.ts";
import { toPaymentSubject } from "../carts/to-payment-subject.ts";
import { queueLiveRelease } from "../payments/attempts/queue-live-release.ts";
import { showUnfollowed } from "../payments/followed-session-queries.ts";
import { PaymentGateway } from "../payments/payment-gateway.ts";
import {
  type DraftSession,
  insertSession,
  saveSessions,
} from "../payments/payment-session-queries.ts";
import { findPayer } from "../payments/provider-customers.ts";
import { markUnfollowed } from "../payments/unfollowed-session-queries.ts";
import {
  createSessions,
  postSessionData,
  refreshSession,
  removeSession,
  type SessionChange,
  selectSession,
} from "./change-sessions.ts";

type CartAnswer = Promise<{ cart: Tree }>;

interface ChangeOptions {
  /** As in Medusa, creating sessions is no update of the cart, unless it is recalculated. */
  readonly isUpdate: boolean;
  readonly showing: CartView;
}

interface SessionToFollow {
  readonly session: DraftSession;
  /** In the smallest unit of the currency. */
  readonly due: number;
  /** The cart's customer, if they are logged in. */
  readonly payerId: string | null;
  readonly need: Parameters<SessionChange["follow"]>[1];
  /** Receives the ids of the sessions whose providers were called. */
  readonly followed: Set<string>;
}

type Decide = (change: SessionChange) => Promise<readonly DraftSession[]>;

/**
 * Creates and changes the payment sessions of carts: by which provider a shopper pays, with which
 * data.
 */
export class PaymentSessionService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
    private readonly follower: SessionFollower,
    private readonly log: Log,
  ) {}

  /**
   * Creates the sessions of a cart, or updates them to the amount due. As in Medusa, `data` is the
   * cart once more. A completed cart stays unchanged.
   * @throws NotFoundError if the cart or the provider on this server does not exist
   * @throws ProviderError
   */
  create(ctx: RequestContext, cartId: string): Promise<{ cart: Tree; data: Tree }> {
    const decide: Decide = async (change) =>
      change.cart.completed_at ? change.cart.payment_sessions : createSessions(change);
    const options = { isUpdate: false, showing: cartWithPaymentSessions };
    return this.#change(ctx, cartId, options, decide, ({ cart }) => {
      const { raw_discount_total: _, ...data } = cart;
      return { cart, data };
    });
  }

  /**
   * Selects the session that pays.
   * @throws NotFoundError if the cart or the provider on this server does not exist
   * @throws NotAllowedError if the cart is completed, the provider is not one of the region's, or
   * the cart has no session of it
   * @throws ProviderError
   */
  select(ctx: RequestContext, cartId: string, providerId: string): CartAnswer {
    return this.#changeOpen(ctx, cartId, defaultCartView, (change) =>
      selectSession(change, providerId),
    );
  }

  /**
   * Selects a session and sends data to its provider.
   * @throws NotFoundError if the cart or the provider on this server does not exist
   * @throws NotAllowedError if the cart is completed, the provider is not one of the region's, or
   * the cart has no session of it
   * @throws ProviderError
   */
  postData(
    ctx: RequestContext,
    cartId: string,
    providerId: string,
    data: Readonly<Record<string, unknown>>,
  ): CartAnswer {
    return this.#changeOpen(ctx, cartId, defaultCartView, (change) =>
      postSessionData(change, providerId, data),
    );
  }

  /**
   * Removes a session, and deletes its payment at the provider.
   * @throws NotFoundError if the cart does not exist
   * @throws NotAllowedError if the cart is completed
   * @throws ProviderError
   */
  remove(ctx: RequestContext, cartId: string, providerId: string): CartAnswer {
    return this.#changeOpen(ctx, cartId, defaultCartView, (change) =>
      removeSession(change, providerId),
    );
  }

  /**
   * Initiates the payment of a session again.
   * @throws NotFoundError if the cart or the provider on this server does not exist
   * @throws NotAllowedError if the cart is completed
   * @throws ProviderError
   */
  refresh(ctx: RequestContext, cartId: string, providerId: string): CartAnswer {
    return this.#changeOpen(ctx, cartId, cartWithFewRelations, (change) =>
      refreshSession(change, providerId),
    );
  }

  /**
   * Returns a cart for a repeated request whose answer was not stored.
   * @throws NotFoundError if the cart does not exist
   */
  showAgain({ now, customerId }: RequestContext, cartId: string): CartAnswer {
    return showCart(this.database, cartId, defaultCartView, {
      now,
      viewerId: customerId,
      findRates: (cart) =>
        findProvidedRates(this.providers, cart, (provider, question) =>
          provider.taxLines(question),
        ),
    });
  }

  #changeOpen(ctx: RequestContext, cartId: string, showing: CartView, decide: Decide): CartAnswer {
    const open: Decide = (change) => {
      mustBeOpen(change.cart);
      return decide(change);
    };
    return this.#change(ctx, cartId, { isUpdate: true, showing }, open, (shown) => shown);
  }

  /**
   * Locks a cart and saves it recalculated, so that nothing is paid for a price or a code that has
   * ended since the last change. The sessions stay as they are. Returns whether anything else
   * changed.
   */
  async #loadRecalculated(
    trx: Transaction,
    ctx: RequestContext,
    cartId: string,
    { callProvider }: CommandTools,
  ): Promise<{ cart: Cart; isChanged: boolean }> {
    const { cart: before, variants } = await loadCartForUpdate(trx, cartId);
    if (before.completed_at) return { cart: before, isChanged: false };
    const gateway = new FulfillmentGateway(this.providers, callProvider, this.log);
    const next = await recalculate(trx, ctx, before, { gateway, variants, isPayment: true });
    const after = { ...next, payment_sessions: before.payment_sessions };
    if (losesShipping(before, after)) recordLostShipping(trx, cartId);
    return { cart: after, isChanged: saveCart(trx, before, after) };
  }

  /** Runs a change of a cart's sessions. No provider is called while the cart is locked. */
  #change<T>(
    ctx: RequestContext,
    cartId: string,
    { isUpdate, showing }: ChangeOptions,
    decide: Decide,
    answer: (shown: { cart: Tree }) => T,
  ): Promise<T> {
    const followed = new Set<string>();
    return runCommand(this.database, ctx, cartChangeOrder(cartId), async (trx, tools) => {
      const { cart, isChanged } = await this.#loadRecalculated(trx, ctx, cartId, tools);
      const rates = await findProvidedRates(this.providers, cart, (provider, question) =>
        tools.callProvider(provider, "taxLines", question),
      );
      const due = totalsNow(cart, { forcesTaxes: true, rates, now: ctx.now }).whole.total;
      const payerId = provenCustomerId(ctx, cart);
      const gateway = new PaymentGateway(
        this.providers,
        tools.callProvider,
        toPaymentSubject(cart),
        payerId === null ? undefined : await findPayer(trx, this.providers, payerId),
      );
      const newId = (providerId: string) => tools.newId("ps", providerId);
      const follow: SessionChange["follow"] = async (session, need) => {
        if (!gateway.needsStoredSession(session.provider_id))
          return gateway.updateAmount(session, due);
        return followed.has(session.id) && session.amount === due
          ? session
          : this.#followFirst(tools, { session, due, payerId, need, followed });
      };
      const after = await decide({
        ...{ cart, due, gateway, newId, follow },
        storeFirst: storeFirst(tools),
      });
      saveSessions(trx, cart.payment_sessions, after);
      if (after.length === 0 && !cart.completed_at) await queueLiveRelease(trx, cart);
      await gateway.queueReleases(trx);
      await gateway.saveProviderCustomers(trx);
      if (isChanged || isUpdate)
        await this.events.publish(trx, { name: "cart.updated", data: { id: cartId } });
      const { now, customerId: viewerId } = ctx;
      const shown = { now, viewerId, findRates: async () => rates };
      return answer(await tools.showLast(() => showCart(trx, cartId, showing, shown)));
    });
  }

  /**
   * Commits the amount that a session is now for, tells its provider, and starts again. The mark
   * stays until the provider has answered.
   */
  #followFirst(
    { commitFirst }: CommandTools,
    { session: { id, cart_id }, due, payerId, need, followed }: SessionToFollow,
  ): never {
    const cartId = cart_id!;
    return commitFirst(
      `amount of payment session ${id}`,
      async (trx) => {
        const { cart } = await loadCartForUpdate(trx, cartId);
        if (cart.completed_at || !cart.payment_sessions.some((session) => session.id === id))
          return;
        markUnfollowed(trx, [id], payerId);
        showUnfollowed(trx, id, due);
      },
      async () => {
        if (need === "required") await this.follower.follow(cartId, id);
        else await this.follower.tryToFollow(cartId, id);
        followed.add(id);
      },
    );
  }
}

/** Commits a session that must be stored before its provider is called, and starts again. */
function storeFirst({ commitFirst }: CommandTools) {
  return (session: DraftSession): never =>
    commitFirst(`payment session of ${session.provider_id}`, async (trx: Transaction) => {
      await loadCartForUpdate(trx, session.cart_id!);
      await insertSession(trx, session);
    });
}
