import type { Knex } from "knex";
import { answerIdempotently } from "../../commands/idempotency.ts";
import { BusyError, retryWhileBusy } from "../../commands/retry-while-busy.ts";
import { runCommand } from "../../commands/run-command.ts";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { NotAllowedError, PaymentNotAuthorizedError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Tree } from "../../graph/entity.ts";
import type { ViewQuery } from "../../graph/view.ts";
import type { Providers } from "../../providers/providers.ts";
import type { AfterSaleAccess } from "../orders/after-sale-rules.ts";
import {
  type Authorization,
  authorizationLeases,
} from "../payments/attempts/authorization-leases.ts";
import { acquireLeases, isLeased } from "../payments/attempts/lease-queries.ts";
import { PaymentGateway } from "../payments/payment-gateway.ts";
import { type DraftSession, saveSessions } from "../payments/payment-session-queries.ts";
import { findCollectionOfSession, linkSessions } from "./collection-queries.ts";
import { lockCollection, lockCollectionFor, type PaymentCollection } from "./lock-collection.ts";
import { newAuthorization } from "./new-authorization.ts";
import { payerOf } from "./payer-of.ts";
import {
  mustBeFewSessions,
  mustBelong,
  mustBeOpenForPayment,
  mustBeUnpaid,
  mustHaveProvider,
  mustNotExceedAmount,
  requireFullAmount,
  requireRefreshableSession,
} from "./payment-collection-rules.ts";
import type { SessionWish } from "./payment-collection-schemas.ts";
import {
  asRequested,
  type CollectionWithPayments,
  showCollection,
  withPayments,
  withProviders,
} from "./payment-collection-view.ts";
import type { PaymentSessionAuthorizer } from "./payment-session-authorizer.ts";
import { waive } from "./record-authorizations.ts";
import { initiateSession, type SessionChange, setSessions } from "./set-sessions.ts";
import { toPaymentSubject } from "./to-payment-subject.ts";

type CollectionAnswer = Promise<{ payment_collection: Tree }>;
type SessionAnswer = Promise<{ payment_session: Tree }>;
type Sessions = readonly DraftSession[];
type Decide = (change: SessionChange) => Promise<Sessions>;
type Show<T> = (trx: Transaction, before: Sessions, after: Sessions) => Promise<T>;

/** How long a request waits for another one that authorizes sessions of the collection. */
const WAIT_TIMEOUT_MS = 8000;

/** What must be paid beside an order's own payment, and the sessions that pay it. */
export class PaymentCollectionService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly authorizer: PaymentSessionAuthorizer,
    private readonly access: AfterSaleAccess,
    private readonly maxSessions: number,
  ) {}

  /**
   * Returns a payment collection.
   * @throws NotFoundError
   * @throws InvalidDataError if fields or relations are not allowed
   */
  async retrieve(ctx: RequestContext, id: string, asked: ViewQuery): CollectionAnswer {
    const shape = asRequested(asked);
    return {
      payment_collection: await showCollection(this.database, shape, id, ctx.customerId),
    };
  }

  /**
   * Sets one session for the whole amount: the provider's present one, or a new one.
   * @throws NotFoundError
   * @throws InvalidDataError if the region does not have the provider
   * @throws NotAllowedError if something is authorized already
   * @throws ProviderError
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
   * Replaces the sessions by sessions for parts of the amount.
   * @throws NotFoundError
   * @throws NotAllowedError if something is authorized already
   * @throws InvalidDataError if there are too many parts, or they do not add up to the amount
   * @throws ProviderError
   */
  setSessions(ctx: RequestContext, id: string, wishes: readonly SessionWish[]): CollectionAnswer {
    mustBeFewSessions(wishes, this.maxSessions);
    return this.#set(ctx, id, (collection) => {
      mustBeUnpaid(collection);
      return requireFullAmount(collection, wishes);
    });
  }

  /**
   * Replaces one session by a new one of the same provider; the others stay.
   * @throws NotFoundError
   * @throws NotAllowedError if it is another collection's, or authorized
   * @throws ProviderError
   */
  async refresh(ctx: RequestContext, id: string, sessionId: string): SessionAnswer {
    const decide: Decide = async (change) => {
      const { collection, gateway } = change;
      const old = requireRefreshableSession(collection, sessionId);
      gateway.giveUp(old);
      const amount = old.amount ?? collection.amount;
      const refreshed = await initiateSession(change, old.provider_id, amount);
      return collection.payment_sessions.map((session) => (session === old ? refreshed : session));
    };
    mustBelong(sessionId, id, await findCollectionOfSession(this.database, sessionId));
    return this.#change(ctx, id, decide, async (trx, before, after) => {
      const known = new Set(before.map((session) => session.id));
      const refreshed = after.find((session) => !known.has(session.id));
      return {
        payment_session: sessionOf(await showCollection(trx, withProviders, id), refreshed?.id)!,
      };
    });
  }

  /**
   * Authorizes those of the sessions that are the collection's. A repeated request, also after a
   * lost answer, authorizes nothing twice.
   * @throws NotFoundError
   * @throws NotAllowedError if there is no session, or a provider refuses
   * @throws ConflictError if another process authorizes
   * @throws ProviderError; a repeated request resumes
   */
  async authorizeSessions(
    ctx: RequestContext,
    id: string,
    sessionIds: readonly string[],
  ): CollectionAnswer {
    const payment_collection = await this.#authorizeFor(ctx, id, sessionIds);
    return answerIdempotently(this.database, ctx, { payment_collection });
  }

  /**
   * Authorizes one session.
   * @throws NotFoundError
   * @throws NotAllowedError if there is no session, or the provider refuses
   * @throws PaymentNotAuthorizedError if the provider declines, or the collection has no such
   * session
   * @throws ConflictError if another process authorizes
   * @throws ProviderError
   */
  async authorizeSession(ctx: RequestContext, id: string, sessionId: string): SessionAnswer {
    const payment_session = sessionOf(await this.#authorizeFor(ctx, id, [sessionId]), sessionId);
    if (payment_session?.status !== "authorized")
      throw new PaymentNotAuthorizedError(`Failed to authorize Payment Session id "${id}"`);
    return answerIdempotently(this.database, ctx, { payment_session });
  }

  /**
   * Authorizes sessions that are paid, as their provider reports without the customer.
   * @throws NotFoundError
   * @throws ConflictError if another process authorizes
   * @throws ProviderError
   */
  async authorizePaid(id: string, sessionIds: readonly string[]): Promise<void> {
    await this.#authorize(id, sessionIds, (trx) => lockCollection(trx, id), {});
  }

  #set(
    ctx: RequestContext,
    id: string,
    wishesFor: (collection: PaymentCollection) => SessionWish[],
  ): CollectionAnswer {
    const decide: Decide = async (change) => {
      const wishes = wishesFor(change.collection);
      mustBeUnpaid(change.collection);
      return setSessions(change, wishes);
    };
    return this.#change(ctx, id, decide, async (trx, _, after) => {
      const tree = await showCollection(trx, withProviders, id);
      const payment_sessions = after.map((session) => sessionOf(tree, session.id));
      return { payment_collection: { ...tree, payment_sessions } };
    });
  }

  /** Runs a change of a collection's sessions, which waits until none is being authorized. */
  #change<T>(ctx: RequestContext, id: string, decide: Decide, show: Show<T>): Promise<T> {
    const change = () =>
      runCommand(this.database, ctx, {}, async (trx, { callProvider, newId }) => {
        const collection = await lockCollectionFor(trx, ctx, this.access, id);
        mustBeOpenForPayment(collection);
        if (await isLeased(trx, authorizationLeases, id))
          throw new BusyError(authorizationLeases.busyMessage);
        const payer = await payerOf(trx, this.providers, ctx, collection);
        const subject = toPaymentSubject(collection, payer);
        const gateway = new PaymentGateway(this.providers, callProvider, subject, payer);
        const before = collection.payment_sessions;
        const after = await decide({ collection, gateway, newId });
        saveSessions(trx, before, after);
        await gateway.queueReleases(trx);
        await linkSessions(trx, collection, after);
        await gateway.saveProviderCustomers(trx);
        return show(trx, before, after);
      });
    return this.#runOrResume(id, change);
  }

  #authorizeFor(
    ctx: RequestContext,
    id: string,
    sessionIds: readonly string[],
  ): Promise<CollectionWithPayments> {
    const lock = async (trx: Transaction) => {
      const collection = await lockCollectionFor(trx, ctx, this.access, id);
      mustNotExceedAmount(collection, sessionIds);
      return collection;
    };
    const context = { ip: ctx.client.ip, user_agent: ctx.client.userAgent };
    return this.#authorize(id, sessionIds, lock, context);
  }

  /** Authorizes those of the sessions that are the collection's, and returns the collection. */
  #authorize(
    id: string,
    sessionIds: readonly string[],
    lock: (trx: Transaction) => Promise<PaymentCollection>,
    context: Authorization["context"],
  ): Promise<CollectionWithPayments> {
    const show = (connection: Knex) => showCollection(connection, withPayments, id);
    return this.#runOrResume(id, async () => {
      const authorizations = await runInTransaction(this.database, async (trx) =>
        this.#acquireLeases(trx, await lock(trx), sessionIds, context),
      );
      return authorizations
        ? this.authorizer.authorize(id, authorizations, show)
        : show(this.database);
    });
  }

  /** Records the questions to the providers. Returns undefined where nothing is due. */
  async #acquireLeases(
    trx: Transaction,
    collection: PaymentCollection,
    sessionIds: readonly string[],
    context: Authorization["context"],
  ): Promise<Authorization[] | undefined> {
    const { id, amount, authorized_amount, payment_sessions, owner } = collection;
    if (authorized_amount === amount && owner?.edit_status === "confirmed") return;
    mustBeOpenForPayment(collection);
    if (authorized_amount === amount) return;
    if (amount <= 0) {
      await waive(trx, id);
      return;
    }
    if (payment_sessions.length === 0)
      throw new NotAllowedError(
        "You cannot complete a Payment Collection without a payment session.",
      );
    const wanted = payment_sessions.filter(
      (session) => !session.payment_authorized_at && sessionIds.includes(session.id),
    );
    for (const { provider_id } of wanted) this.providers.payment.get(provider_id);
    const rows = wanted.map((session) => newAuthorization(collection, session, context));
    const authorizations = await acquireLeases(trx, authorizationLeases, rows);
    if (authorizations.length < wanted.length) throw new BusyError(authorizationLeases.busyMessage);
    return authorizations;
  }

  /**
   * Runs `execute` after others of the collection in this process. While another process holds a
   * lease, waits, and resumes what is interrupted.
   */
  #runOrResume<T>(id: string, execute: () => Promise<T>): Promise<T> {
    const beforeRetry = () => this.authorizer.resumeInterrupted(id);
    return serializeByKey(`payment-collection:${id}`, () =>
      retryWhileBusy(execute, { until: Date.now() + WAIT_TIMEOUT_MS, beforeRetry }),
    );
  }
}

function sessionOf<S extends { readonly id: string }>(
  { payment_sessions }: { readonly payment_sessions: readonly S[] },
  id: string | undefined,
): S | undefined {
  return payment_sessions.find((session) => session.id === id);
}
