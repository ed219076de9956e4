import type { Knex } from "knex";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import { databaseRefusalOf } from "../../database/database-errors.ts";
import type { Events } from "../../events/events.ts";
import { loadTree } from "../../graph/load-tree.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import {
  type Authorization,
  authorizationLeases,
} from "../payments/attempts/authorization-leases.ts";
import { authorizePayment } from "../payments/attempts/authorize-payment.ts";
import { isGivenUp } from "../payments/attempts/back-off.ts";
import { holdLeases } from "../payments/attempts/hold-leases.ts";
import { acquireInterruptedLeases, endLease } from "../payments/attempts/lease-queries.ts";
import { type PaymentAttempt, toPaymentStep } from "../payments/attempts/payment-attempt.ts";
import { findCollectionForUpdate } from "./lock-collection.ts";
import { isClosed as isCollectionClosed } from "./payment-collection-rules.ts";
import { withPayments } from "./payment-collection-view.ts";
import {
  type AuthorizationResult,
  recordAuthorizations,
  releaseAuthorizations,
} from "./record-authorizations.ts";

interface PaymentSessionAuthorizerDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
  readonly log: Log;
}

/**
 * Authorizes sessions of payment collections under a lease, in steps: authorize each, record all
 * answers; or release the payment. Nothing is locked while the providers work.
 */
export class PaymentSessionAuthorizer {
  constructor(private readonly deps: PaymentSessionAuthorizerDeps) {}

  /**
   * Authorizes leased sessions one after another, and records all answers in the transaction that
   * `show` reads from.
   * @throws LeaseLostError if another process continues
   * @throws ProviderError; a repeated request resumes
   * @throws NotAllowedError if a provider refuses
   */
  authorize<T>(
    collectionId: string,
    authorizations: readonly Authorization[],
    show: (trx: Transaction) => Promise<T>,
  ): Promise<T> {
    return holdLeases(this.deps, authorizationLeases, authorizations, async () => {
      const results: AuthorizationResult[] = [];
      try {
        for (const authorization of authorizations) {
          const result = await this.#authorizeOne(authorization);
          results.push(result);
          if (result.refusal) throw result.refusal;
        }
      } catch (error) {
        await this.#recordBeforeError(collectionId, results);
        throw error;
      }
      return this.#record(collectionId, results, show);
    });
  }

  /**
   * Resumes the interrupted authorizations of a collection. Queues the release of those that are
   * given up, and of all if the order edit no longer waits to be paid.
   * @throws what `authorize` throws
   */
  async resumeInterrupted(collectionId: string): Promise<void> {
    const { database } = this.deps;
    const leases = await acquireInterruptedLeases(database, authorizationLeases, collectionId);
    if (leases.length === 0) return;
    const { isClosed, givenUp } = await runInTransaction(database, async (trx) => {
      const collection = await findCollectionForUpdate(trx, collectionId);
      const isClosed = !collection || isCollectionClosed(collection);
      const givenUp = isClosed ? leases : leases.filter(isGivenUp);
      await releaseAuthorizations(trx, givenUp.map(asUnanswered));
      return { isClosed, givenUp };
    });
    if (isClosed || givenUp.length === leases.length) return;
    const resumed = leases.filter((lease) => !givenUp.includes(lease));
    await this.authorize(collectionId, resumed, async () => undefined);
  }

  /**
   * Authorizes one session. An answer that is lost leaves the attempt recorded: the same question
   * returns it. A refusal is an answer, and is recorded only if the provider holds money.
   */
  async #authorizeOne(authorization: Authorization): Promise<AuthorizationResult> {
    const { database, providers } = this.deps;
    const provider = providers.payment.get(authorization.provider_id);
    const question = toPaymentStep(attemptOf(authorization), "authorize", authorization.context);
    const result = await authorizePayment(provider, question);
    if (result.refusal && !result.holdsFunds) {
      await endLease(database, authorizationLeases, authorization);
      throw result.refusal;
    }
    return { authorization, ...result };
  }

  async #record<T>(
    collectionId: string,
    results: readonly AuthorizationResult[],
    show: (trx: Transaction) => Promise<T>,
  ): Promise<T> {
    const { database, events, log } = this.deps;
    try {
      return await runInTransaction(database, async (trx) => {
        const { isClosed } = await recordAuthorizations(trx, collectionId, results);
        const data = isClosed ? undefined : await loadTree(trx, withPayments, collectionId);
        if (data) events.publish(trx, { name: "payment-collection.payment_authorized", data });
        return show(trx);
      });
    } catch (error) {
      const refusal = databaseRefusalOf(error);
      if (!refusal) throw error;
      log.warn(
        { event: "authorization_refused", payment_collection: collectionId, err: error },
        "The database refuses an authorized payment; it will be refunded or voided",
      );
      await runInTransaction(database, (trx) => releaseAuthorizations(trx, results));
      throw refusal;
    }
  }

  /** Records the answers that came before an error. A failure must not hide that error. */
  async #recordBeforeError(
    collectionId: string,
    results: readonly AuthorizationResult[],
  ): Promise<void> {
    if (results.length === 0) return;
    await this.#record(collectionId, results, async () => undefined).catch((error: unknown) =>
      this.deps.log.warn(
        { event: "authorization_record_failed", payment_collection: collectionId, err: error },
        "Authorized payment sessions could not be recorded; they will be resumed",
      ),
    );
  }
}

/** Returns an authorization that was given up before its provider has answered. */
function asUnanswered(authorization: Authorization) {
  return { authorization, data: authorization.data };
}

function attemptOf(authorization: Authorization): PaymentAttempt {
  return {
    resourceId: authorization.payment_collection_id,
    attempt: authorization.attempt,
    amount: authorization.amount,
    currencyCode: authorization.currency_code,
    data: authorization.data,
  };
}
