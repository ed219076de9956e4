import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { answerOnce } from "../../database/answer-once.ts";
import { inTurn } from "../../database/in-turn.ts";
import { newId } from "../../database/new-id.ts";
import { useCase } from "../../database/use-case.ts";
import { Conflict, NotAllowed, PaymentNotAuthorized } from "../../errors.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Asked } from "../../graph/view.ts";
import { consulting } from "../../providers/consulting.ts";
import type { Providers } from "../../providers/providers.ts";
import type { AfterSaleAccess } from "../orders/after-sale-rules.ts";
import { keepCustomerMetadata, saveSessions } from "../payments/session-rows.ts";
import { type Asking, type Authorization, claimSessions, isBeingAuthorized, LostClaim } from "./authorization-queries.ts";
import { CollectionDesk } from "./collection-desk.ts";
import { findCollectionOfSession, findPayer, tieSessions } from "./collection-queries.ts";
import { type Collection, lockCollection, lockCollectionFor, type Session } from "./locked-collection.ts";
import { mustAddUp, mustBelong, mustBeRefreshable, mustBeUnpaid, mustHaveProvider } from "./payment-collection-rules.ts";
import type { SessionWish } from "./payment-collection-schemas.ts";
import { asAsked, showCollection, withPayments, withProviders } from "./payment-collection-view.ts";
import { waive } from "./record-authorizations.ts";
import type { SessionAuthorizer } from "./session-authorizer.ts";
import { setSessions } from "./set-sessions.ts";

type CollectionAnswer = Promise<{ payment_collection: Tree }>;
type SessionAnswer = Promise<{ payment_session: Tree }>;
type Decide = (collection: Collection, desk: CollectionDesk) => Promise<Session[]>;

/** How long a request waits for another one that authorizes the same sessions. */
const PATIENCE = 8000;
const PAUSE = 100;

/** Somebody is authorizing sessions of the collection. */
class Busy extends Error {}

/** What has to be paid beside an order's own payment, and by which sessions it is. */
export class PaymentCollectionService {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly authorizer: SessionAuthorizer,
    private readonly access: AfterSaleAccess,
  ) {}

  /**
   * A payment collection.
   * @throws NotFound · InvalidData fields or relations that are not allowed
   */
  async retrieve(id: string, asked: Asked): CollectionAnswer {
    return { payment_collection: await showCollection(this.database, asAsked(asked), id) };
  }

  /**
   * One session for the whole amount: the provider's present one, or a new one.
   * @throws NotFound · InvalidData the region does not have the provider · NotAllowed something is authorized already · ProviderFailure
   */
  setSession(call: Call, id: string, providerId: string): CollectionAnswer {
    return this.#set(call, id, (collection) => {
      mustHaveProvider(collection, providerId);
      const { amount, payment_sessions } = collection;
      const present = payment_sessions.find(({ provider_id }) => provider_id === providerId);
      return [{ provider_id: providerId, amount, session_id: present?.id }];
    });
  }

  /**
   * Sessions for parts of the amount, instead of the present ones.
   * @throws NotFound · NotAllowed something is authorized already · InvalidData they are not the amount together · ProviderFailure
   */
  setSessions(call: Call, id: string, wishes: readonly SessionWish[]): CollectionAnswer {
    return this.#set(call, id, (collection) => {
      mustBeUnpaid(collection);
      return mustAddUp(collection, wishes);
    });
  }

  /**
   * Begins one session anew; the others stay.
   * @throws NotFound · NotAllowed it is another collection's, or authorized · ProviderFailure
   */
  async refresh(call: Call, id: string, sessionId: string): SessionAnswer {
    const decide: Decide = async (collection, desk) => {
      const old = mustBeRefreshable(collection, sessionId);
      await desk.givenUp(old);
      const anew = await desk.begun(old.provider_id, old.amount ?? collection.amount, 0);
      return collection.payment_sessions.map((session) => (session === old ? anew : session));
    };
    mustBelong(sessionId, id, await findCollectionOfSession(this.database, sessionId));
    return this.#change(call, id, decide, async (trx, before, after) => {
      const known = new Set(before.map((session) => session.id));
      const anew = after.find((session) => !known.has(session.id));
      return { payment_session: sessionOf(await showCollection(trx, withProviders, id), anew?.id)! };
    });
  }

  /**
   * Authorizes those of the sessions that are the collection's; asked again, even after a lost answer, nothing is paid twice.
   * @throws NotFound · NotAllowed there is no session, or a provider refuses · Conflict another process is at it · ProviderFailure asking again goes on
   */
  async authorizeSessions(call: Call, id: string, sessionIds: readonly string[]): CollectionAnswer {
    const payment_collection = await this.#authorizeFor(call, id, sessionIds);
    return answerOnce(this.database, call, async () => ({ payment_collection }));
  }

  /**
   * Authorizes one session.
   * @throws NotFound · NotAllowed · PaymentNotAuthorized the provider declines, or the collection has no such session · Conflict · ProviderFailure
   */
  async authorizeSession(call: Call, id: string, sessionId: string): SessionAnswer {
    const payment_session = sessionOf(await this.#authorizeFor(call, id, [sessionId]), sessionId);
    if (payment_session?.["status"] !== "authorized")
      throw new PaymentNotAuthorized(`Failed to authorize Payment Session id "${id}"`);
    return answerOnce(this.database, call, async () => ({ payment_session }));
  }

  /**
   * Authorizes sessions that are paid, as their provider says; no customer asks.
   * @throws NotFound · Conflict · ProviderFailure
   */
  async authorizePaid(id: string, sessionIds: readonly string[]): Promise<void> {
    await this.#authorize(id, sessionIds, (trx) => lockCollection(trx, id), {});
  }

  #set(call: Call, id: string, wishesFor: (collection: Collection) => SessionWish[]): CollectionAnswer {
    const decide: Decide = async (collection, desk) => {
      const wishes = wishesFor(collection);
      mustBeUnpaid(collection);
      return setSessions(collection, wishes, desk);
    };
    return this.#change(call, id, decide, async (trx, _, after) => {
      const tree = await showCollection(trx, withProviders, id);
      return { payment_collection: { ...tree, payment_sessions: after.map((session) => sessionOf(tree, session.id)) } };
    });
  }

  /** The four beats of a write; no provider is asked while the collection is locked, and nothing changes under one that authorizes. */
  #change<T>(
    call: Call,
    id: string,
    decide: Decide,
    show: (trx: Knex.Transaction, before: readonly Session[], after: readonly Session[]) => Promise<T>,
  ): Promise<T> {
    const ids: string[] = [];
    const work = () =>
      consulting((ask) =>
        answerOnce(this.database, call, async (trx) => {
          const collection = await lockCollectionFor(trx, call, this.access, id);
          if (await isBeingAuthorized(trx, id)) throw new Busy();
          const payer = await payerOf(trx, call, collection);
          const desk = new CollectionDesk(this.providers, ask, collection, payer, ids);
          const before = collection.payment_sessions;
          const after = await decide(collection, desk);
          await saveSessions(trx, before, after);
          await tieSessions(trx, collection, after);
          if (payer && Object.keys(desk.metadata).length > 0) await keepCustomerMetadata(trx, payer.id, desk.metadata);
          return show(trx, before, after);
        }),
      );
    return this.#patiently(id, work);
  }

  #authorizeFor(call: Call, id: string, sessionIds: readonly string[]): Promise<Tree> {
    const context = { ip: call.visitor.ip, user_agent: call.visitor.userAgent };
    return this.#authorize(id, sessionIds, (trx) => lockCollectionFor(trx, call, this.access, id), context);
  }

  /** The collection after those of the sessions were authorized that are its own. */
  #authorize(
    id: string,
    sessionIds: readonly string[],
    lock: (trx: Knex.Transaction) => Promise<Collection>,
    context: Authorization["context"],
  ): Promise<Tree> {
    const show = (connection: Knex) => showCollection(connection, withPayments, id);
    return this.#patiently(id, async () => {
      const claims = await useCase(this.database, async (trx) => this.#claim(trx, await lock(trx), sessionIds, context));
      return claims ? this.authorizer.authorize(id, claims, show) : show(this.database);
    });
  }

  /** Notes what providers are going to be asked; undefined when nothing is left to be authorized. */
  async #claim(
    trx: Knex.Transaction,
    collection: Collection,
    sessionIds: readonly string[],
    context: Authorization["context"],
  ): Promise<Authorization[] | undefined> {
    const { id, amount, authorized_amount, payment_sessions } = collection;
    if (authorized_amount === amount) return;
    if (amount <= 0) return waive(trx, id) as Promise<undefined>;
    if (payment_sessions.length === 0)
      throw new NotAllowed("You cannot complete a Payment Collection without a payment session.");
    const wanted = payment_sessions.filter((session) => !session.payment_authorized_at && sessionIds.includes(session.id));
    for (const { provider_id } of wanted) this.providers.payment.get(provider_id);
    const claims = await claimSessions(
      trx,
      wanted.map((session) => askingOf(collection, session, context)),
    );
    if (claims.length < wanted.length) throw new Busy();
    return claims;
  }

  /** One after another in this process; while another one authorizes it waits a little, and goes on with what was left. */
  #patiently<T>(id: string, work: () => Promise<T>): Promise<T> {
    return inTurn(`payment-collection:${id}`, async () => {
      const end = Date.now() + PATIENCE;
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof Busy) && !(error instanceof LostClaim)) throw error;
        }
        if (Date.now() > end) throw new Conflict("The payment is being authorized. Try again shortly.");
        await this.authorizer.finishLeft(id);
        await sleep(PAUSE * (0.5 + Math.random()));
      }
    });
  }
}

function askingOf({ id, currency_code }: Collection, session: Session, context: Authorization["context"]): Asking {
  return {
    session_id: session.id,
    payment_collection_id: id,
    attempt: newId("attempt"),
    provider_id: session.provider_id,
    amount: session.amount ?? 0,
    currency_code,
    data: (session.data ?? {}) as Authorization["data"],
    context,
  };
}

/** Whom providers are told of, and about whom they may want to know something again: the order's own customer, logged in. */
async function payerOf(trx: Knex.Transaction, { customerId }: Call, { owner }: Collection) {
  if (customerId === undefined || (owner && owner.customer_id !== customerId)) return;
  return findPayer(trx, customerId);
}

function sessionOf(collection: Tree, id: string | undefined): Tree | undefined {
  return (collection["payment_sessions"] as Tree[]).find((session) => session["id"] === id);
}
