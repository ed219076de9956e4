import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { withLease } from "../../concurrency/lease.ts";
import type { Events } from "../../events/events.ts";
import { loadTree } from "../../graph/load-tree.ts";
import type { PaymentStep } from "../../providers/payment/payment-provider.ts";
import { ProviderError } from "../../providers/provider-error.ts";
import type { Providers } from "../../providers/providers.ts";
import { refundOrVoid } from "../payments/refund-or-void.ts";
import {
  type Authorization,
  acquireInterrupted,
  endLease,
  releaseLease,
  renewLeases,
} from "./authorization-queries.ts";
import { withPayments } from "./payment-collection-view.ts";
import { type AuthorizationResult, recordAuthorizations } from "./record-authorizations.ts";

type Trx = Knex.Transaction;

/**
 * After so many tries in vain, more than an hour after the first, a payment is given back: its
 * provider may know nothing of it any more.
 */
const MAX_TRIES = 10;

/**
 * Asks payment providers to authorize sessions that are claimed, and records what they say. Nothing
 * is locked while they work.
 */
export class PaymentSessionAuthorizer {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly events: Events,
  ) {}

  /**
   * Asks for each claimed session, one after another, and records all answers in the transaction
   * that `show` reads from.
   * @throws LostClaim somebody else has gone on with it · ProviderFailure asking again goes on ·
   * NotAllowed a provider refuses
   */
  async authorize<T>(
    collectionId: string,
    authorizations: readonly Authorization[],
    show: (trx: Trx) => Promise<T>,
  ): Promise<T> {
    const renew = () => renewLeases(this.database, authorizations);
    try {
      return await withLease(renew, () =>
        this.#authorizeAndRecord(collectionId, authorizations, show),
      );
    } catch (error) {
      for (const authorization of authorizations) await releaseLease(this.database, authorization);
      throw error;
    }
  }

  async #authorizeAndRecord<T>(
    collectionId: string,
    authorizations: readonly Authorization[],
    show: (trx: Trx) => Promise<T>,
  ): Promise<T> {
    const answers: AuthorizationResult[] = [];
    try {
      for (const authorization of authorizations)
        answers.push(await this.#authorizeOne(authorization));
    } catch (error) {
      if (answers.length > 0) await this.#record(collectionId, answers, async () => undefined);
      throw error;
    }
    return this.#record(collectionId, answers, show);
  }

  /** Goes on with what was left of a collection's authorizations. */
  async resumeInterrupted(collectionId: string): Promise<void> {
    const authorizations = await acquireInterrupted(this.database, collectionId);
    if (authorizations.length > 0)
      await this.authorize(collectionId, authorizations, async () => undefined);
  }

  /**
   * An answer that gets lost leaves the claim noted: the same question brings it back, or the
   * payment goes back in the end. A provider that refuses has answered.
   */
  async #authorizeOne(authorization: Authorization): Promise<AuthorizationResult> {
    const provider = this.providers.payment.get(authorization.provider_id);
    try {
      return { authorization, ...(await provider.authorize(authorizing(authorization))) };
    } catch (error) {
      if (!(error instanceof ProviderError)) await endLease(this.database, authorization);
      else if (authorization.tries > MAX_TRIES)
        return {
          authorization,
          status: "canceled",
          data: await this.#refundOrVoid(authorization, authorization.data, true),
        };
      throw error;
    }
  }

  async #record<T>(
    collectionId: string,
    answers: readonly AuthorizationResult[],
    show: (trx: Trx) => Promise<T>,
  ): Promise<T> {
    const { orphans, shown } = await runInTransaction(this.database, async (trx) => {
      const orphans = await recordAuthorizations(trx, collectionId, answers);
      const data = await loadTree(trx, withPayments, collectionId);
      if (data)
        await this.events.publish(trx, { name: "payment-collection.payment_authorized", data });
      return { orphans, shown: await show(trx) };
    });
    for (const orphan of orphans) await this.#releaseOrphan(orphan);
    return shown;
  }

  /** What was authorized, or taken at once, for a session that is there no more goes back. */
  async #releaseOrphan({ authorization, data }: AuthorizationResult): Promise<void> {
    await this.#refundOrVoid(authorization, data, false);
    await endLease(this.database, authorization);
  }

  /** Gives a payment back; gives what its provider says of it. */
  async #refundOrVoid(
    authorization: Authorization,
    data: AuthorizationResult["data"],
    mayBeGone: boolean,
  ): Promise<AuthorizationResult["data"]> {
    const released = await refundOrVoid(this.providers.payment.get(authorization.provider_id), {
      resourceId: authorization.payment_collection_id,
      amount: authorization.amount,
      currencyCode: authorization.currency_code,
      data,
      attempt: authorization.attempt,
      mayBeGone,
      recordDeletion: async () => undefined,
    });
    return released.data;
  }
}

function authorizing(authorization: Authorization): PaymentStep {
  return {
    resource_id: authorization.payment_collection_id,
    amount: authorization.amount,
    currency_code: authorization.currency_code,
    context: authorization.context,
    data: authorization.data,
    idempotency_key: `${authorization.attempt}:authorize`,
  };
}
