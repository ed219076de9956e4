import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { runIdempotently } from "../../commands/idempotency.ts";
import { withProviderCalls } from "../../commands/provider-calls.ts";
import { runInTransaction } from "../../commands/transaction.ts";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { ConflictError, NotAllowedError, PaymentNotAuthorizedError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Tree } from "../../graph/entity.ts";
import type { ViewQuery } from "../../graph/view.ts";
import type { Providers } from "../../providers/providers.ts";
import type { AfterSaleAccess } from "../orders/after-sale-rules.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";
import { mergeCustomerMetadata, saveSessions } from "../payments/payment-session-queries.ts";
import {
  type Authorization,
  acquireSessionLeases,
  isBeingAuthorized,
  LeaseLostError,
} from "./authorization-queries.ts";
import { CollectionPaymentGateway } from "./collection-payment-gateway.ts";
import { findCollectionOfSession, linkSessions } from "./collection-queries.ts";
import { lockCollection, lockCollectionFor, type PaymentCollection } from "./lock-collection.ts";
import { newAuthorization } from "./new-authorization.ts";
import { payerOf } from "./payer-of.ts";
import {
  mustBelong,
  mustBeUnpaid,
  mustHaveProvider,
  requireFullAmount,
  requireRefreshableSession,
} from "./payment-collection-rules.ts";
import type { SessionWish } from "./payment-collection-schemas.ts";
import {
  asRequested,
  showCollection,
  withPayments,
  withProviders,
} from "./payment-collection-view.ts";
import type { PaymentSessionAuthorizer } from "./payment-session-authorizer.ts";
import { waive } from "./record-authorizations.ts";
import { setSessions } from "./set-sessions.ts";

type CollectionAnswer = Promise<{ payment_collection: Tree }>;
type SessionAnswer = Promise<{ payment_session: Tree }>;
type Decide = (
  collection: PaymentCollection,
  gateway: CollectionPaymentGateway,
) => Promise<PaymentSession[]>;

/** How long a request waits for another one that authorizes the same sessions. */
const WAIT_TIMEOUT_MS = 8000;
const POLL_INTERVAL_MS = 100;

/** Somebody is authorizing sessions of the collection. */
class CollectionBusyError extends Error {}

/** What has to be paid beside an order's own payment, and by which sessions it is. */
export class PaymentCollectionService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly authorizer: PaymentSessionAuthorizer,
    private readonly access: AfterSaleAccess,
  ) {}

  /**
   * A payment collection.
   * @throws NotFound · InvalidData fields or relations that are not allowed
   */
  async retrieve(id: string, asked: ViewQuery): CollectionAnswer {
    return { payment_collection: await showCollection(this.database, asRequested(asked), id) };
  }

  /**
   * One session for the whole amount: the provider's present one, or a new one.
   * @throws NotFound · InvalidData the region does not have the provider · NotAllowed something is
   * authorized already · ProviderFailure
   */
  setSession(ctx: RequestContext, id: string, providerId: string): CollectionAnswer {
    return this.#set(ctx, id, (collection) => {
      mustHaveProvider(collection, providerId);
      const { amount, payment_sessions } = collection;
      const present = payment_sessions.find(({ provider_id }) => provider_id === providerId);
      return [{ provider_id: providerId, amount, session_id: present?.id }];
    });
  }

  /**
   * Sessions for parts of the amount, instead of the present ones.
   * @throws NotFound · NotAllowed something is authorized already · InvalidData they are not the
   * amount together · ProviderFailure
   */
  setSessions(ctx: RequestContext, id: string, wishes: readonly SessionWish[]): CollectionAnswer {
    return this.#set(ctx, id, (collection) => {
      mustBeUnpaid(collection);
      return requireFullAmount(collection, wishes);
    });
  }

  /**
   * Begins one session anew; the others stay.
   * @throws NotFound · NotAllowed it is another collection's, or authorized · ProviderFailure
   */
  async refresh(ctx: RequestContext, id: string, sessionId: string): SessionAnswer {
    const decide: Decide = async (collection, gateway) => {
      const old = requireRefreshableSession(collection, sessionId);
      await gateway.deleteSession(old);
      const refreshed = await gateway.initiate(old.provider_id, old.amount ?? collection.amount, 0);
      return collection.payment_sessions.map((session) => (session === old ? refreshed : session));
    };
    mustBelong(sessionId, id, await findCollectionOfSession(this.database, sessionId));
    return this.#change(ctx, id, decide, async (trx, before, after) => {
      const known = new Set(before.map((session) => session.id));
      const anew = after.find((session) => !known.has(session.id));
      return {
        payment_session: sessionOf(await showCollection(trx, withProviders, id), anew?.id)!,
      };
    });
  }

  /**
   * Authorizes those of the sessions that are the collection's; asked again, even after a lost
   * answer, nothing is paid twice.
   * @throws NotFound · NotAllowed there is no session, or a provider refuses · Conflict another
   * process is at it · ProviderFailure asking again goes on
   */
  async authorizeSessions(
    ctx: RequestContext,
    id: string,
    sessionIds: readonly string[],
  ): CollectionAnswer {
    const payment_collection = await this.#authorizeFor(ctx, id, sessionIds);
    return runIdempotently(this.database, ctx, async () => ({ payment_collection }));
  }

  /**
   * Authorizes one session.
   * @throws NotFound · NotAllowed · PaymentNotAuthorized the provider declines, or the collection
   * has no such session · Conflict · ProviderFailure
   */
  async authorizeSession(ctx: RequestContext, id: string, sessionId: string): SessionAnswer {
    const payment_session = sessionOf(await this.#authorizeFor(ctx, id, [sessionId]), sessionId);
    if (payment_session?.["status"] !== "authorized")
      throw new PaymentNotAuthorizedError(`Failed to authorize Payment Session id "${id}"`);
    return runIdempotently(this.database, ctx, async () => ({ payment_session }));
  }

  /**
   * Authorizes sessions that are paid, as their provider says; no customer asks.
   * @throws NotFound · Conflict · ProviderFailure
   */
  async authorizePaid(id: string, sessionIds: readonly string[]): Promise<void> {
    await this.#authorize(id, sessionIds, (trx) => lockCollection(trx, id), {});
  }

  #set(
    ctx: RequestContext,
    id: string,
    wishesFor: (collection: PaymentCollection) => SessionWish[],
  ): CollectionAnswer {
    const decide: Decide = async (collection, gateway) => {
      const wishes = wishesFor(collection);
      mustBeUnpaid(collection);
      return setSessions(collection, wishes, gateway);
    };
    return this.#change(ctx, id, decide, async (trx, _, after) => {
      const tree = await showCollection(trx, withProviders, id);
      return {
        payment_collection: {
          ...tree,
          payment_sessions: after.map((session) => sessionOf(tree, session.id)),
        },
      };
    });
  }

  /**
   * The four beats of a write; no provider is asked while the collection is locked, and nothing
   * changes under one that authorizes.
   */
  #change<T>(
    ctx: RequestContext,
    id: string,
    decide: Decide,
    show: (
      trx: Knex.Transaction,
      before: readonly PaymentSession[],
      after: readonly PaymentSession[],
    ) => Promise<T>,
  ): Promise<T> {
    const ids: string[] = [];
    const execute = () =>
      withProviderCalls((callProvider) =>
        runIdempotently(this.database, ctx, async (trx) => {
          const collection = await lockCollectionFor(trx, ctx, this.access, id);
          if (await isBeingAuthorized(trx, id)) throw new CollectionBusyError();
          const payer = await payerOf(trx, ctx, collection);
          const gateway = new CollectionPaymentGateway(
            this.providers,
            callProvider,
            collection,
            payer,
            ids,
          );
          const before = collection.payment_sessions;
          const after = await decide(collection, gateway);
          await saveSessions(trx, before, after);
          await linkSessions(trx, collection, after);
          if (payer && Object.keys(gateway.metadata).length > 0)
            await mergeCustomerMetadata(trx, payer.id, gateway.metadata);
          return show(trx, before, after);
        }),
      );
    return this.#retryWhileBusy(id, execute);
  }

  #authorizeFor(ctx: RequestContext, id: string, sessionIds: readonly string[]): Promise<Tree> {
    const context = { ip: ctx.client.ip, user_agent: ctx.client.userAgent };
    return this.#authorize(
      id,
      sessionIds,
      (trx) => lockCollectionFor(trx, ctx, this.access, id),
      context,
    );
  }

  /** The collection after those of the sessions were authorized that are its own. */
  #authorize(
    id: string,
    sessionIds: readonly string[],
    lock: (trx: Knex.Transaction) => Promise<PaymentCollection>,
    context: Authorization["context"],
  ): Promise<Tree> {
    const show = (connection: Knex) => showCollection(connection, withPayments, id);
    return this.#retryWhileBusy(id, async () => {
      const authorizations = await runInTransaction(this.database, async (trx) =>
        this.#acquireLeases(trx, await lock(trx), sessionIds, context),
      );
      return authorizations
        ? this.authorizer.authorize(id, authorizations, show)
        : show(this.database);
    });
  }

  /**
   * Notes what providers are going to be asked; undefined when nothing is left to be authorized.
   */
  async #acquireLeases(
    trx: Knex.Transaction,
    collection: PaymentCollection,
    sessionIds: readonly string[],
    context: Authorization["context"],
  ): Promise<Authorization[] | undefined> {
    const { id, amount, authorized_amount, payment_sessions } = collection;
    if (authorized_amount === amount) return;
    if (amount <= 0) return waive(trx, id) as Promise<undefined>;
    if (payment_sessions.length === 0)
      throw new NotAllowedError(
        "You cannot complete a Payment Collection without a payment session.",
      );
    const wanted = payment_sessions.filter(
      (session) => !session.payment_authorized_at && sessionIds.includes(session.id),
    );
    for (const { provider_id } of wanted) this.providers.payment.get(provider_id);
    const authorizations = await acquireSessionLeases(
      trx,
      wanted.map((session) => newAuthorization(collection, session, context)),
    );
    if (authorizations.length < wanted.length) throw new CollectionBusyError();
    return authorizations;
  }

  /**
   * One after another in this process; while another one authorizes it waits a little, and goes on
   * with what was left.
   */
  #retryWhileBusy<T>(id: string, execute: () => Promise<T>): Promise<T> {
    return serializeByKey(`payment-collection:${id}`, async () => {
      const end = Date.now() + WAIT_TIMEOUT_MS;
      for (;;) {
        try {
          return await execute();
        } catch (error) {
          if (!(error instanceof CollectionBusyError) && !(error instanceof LeaseLostError))
            throw error;
        }
        if (Date.now() > end)
          throw new ConflictError("The payment is being authorized. Try again shortly.");
        await this.authorizer.resumeInterrupted(id);
        await sleep(POLL_INTERVAL_MS * (0.5 + Math.random()));
      }
    });
  }
}

function sessionOf(collection: Tree, id: string | undefined): Tree | undefined {
  return (collection["payment_sessions"] as Tree[]).find((session) => session["id"] === id);
}
