import type { Knex } from "knex";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import type { Events } from "../../events/events.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { ProviderError } from "../../providers/provider-error.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import {
  type Authorization,
  authorizationLeases,
} from "../payments/attempts/authorization-leases.ts";
import { isGivenUp } from "../payments/attempts/back-off.ts";
import { holdLeases } from "../payments/attempts/hold-leases.ts";
import { acquireInterruptedLeases, endLease } from "../payments/attempts/lease-queries.ts";
import { type PaymentAttempt, toPaymentStep } from "../payments/attempts/payment-attempt.ts";
import { releasePayment } from "../payments/attempts/refund-or-void.ts";
import { withPayments } from "./payment-collection-view.ts";
import { type AuthorizationResult, recordAuthorizations } from "./record-authorizations.ts";

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
        for (const authorization of authorizations)
          results.push(await this.#authorizeOne(authorization));
      } catch (error) {
        await this.#recordBeforeError(collectionId, results);
        throw error;
      }
      return this.#record(collectionId, results, show);
    });
  }

  /**
   * Resumes the interrupted authorizations of a collection.
   * @throws what `authorize` throws
   */
  async resumeInterrupted(collectionId: string): Promise<void> {
    const { database } = this.deps;
    const leases = await acquireInterruptedLeases(database, authorizationLeases, collectionId);
    if (leases.length > 0) await this.authorize(collectionId, leases, async () => undefined);
  }

  /**
   * Authorizes one session. An answer that is lost leaves the attempt recorded: the same question
   * returns it, or the payment is released when the attempt is given up. A refusal is an answer.
   */
  async #authorizeOne(authorization: Authorization): Promise<AuthorizationResult> {
    const { database, providers } = this.deps;
    const provider = providers.payment.get(authorization.provider_id);
    const question = toPaymentStep(attemptOf(authorization), "authorize", authorization.context);
    try {
      return { authorization, ...(await provider.authorize(question)) };
    } catch (error) {
      if (!(error instanceof ProviderError))
        await endLease(database, authorizationLeases, authorization);
      else if (isGivenUp(authorization)) return this.#abort(authorization);
      throw error;
    }
  }

  async #record<T>(
    collectionId: string,
    results: readonly AuthorizationResult[],
    show: (trx: Transaction) => Promise<T>,
  ): Promise<T> {
    const { database, events } = this.deps;
    const { orphans, shown } = await runInTransaction(database, async (trx) => {
      const orphans = await recordAuthorizations(trx, collectionId, results);
      const data = await loadTree(trx, withPayments, collectionId);
      if (data) await events.publish(trx, { name: "payment-collection.payment_authorized", data });
      return { orphans, shown: await show(trx) };
    });
    for (const orphan of orphans) await this.#releaseOrphan(orphan);
    return shown;
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

  /** Releases a payment whose provider may no longer know it. */
  async #abort(authorization: Authorization): Promise<AuthorizationResult> {
    const { data } = await this.#release(attemptOf(authorization), authorization, {
      mayBeGone: true,
      settle: async () => undefined,
    });
    return { authorization, status: "canceled", data };
  }

  /** Releases what was authorized, or captured at once, for a session that no longer exists. */
  async #releaseOrphan({ authorization, data }: AuthorizationResult): Promise<void> {
    await this.#release({ ...attemptOf(authorization), data }, authorization, {
      mayBeGone: false,
      settle: () => endLease(this.deps.database, authorizationLeases, authorization),
    });
  }

  #release(
    attempt: PaymentAttempt,
    { provider_id }: Authorization,
    { mayBeGone, settle }: { readonly mayBeGone: boolean; readonly settle: () => Promise<void> },
  ) {
    const { providers, log } = this.deps;
    const payment = { ...attempt, mayBeGone, recordDeletion: async () => undefined };
    return releasePayment(log, providers.payment.get(provider_id), payment, settle);
  }
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
