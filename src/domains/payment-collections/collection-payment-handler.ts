import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { PaymentNotConfirmedError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import type { PaymentNotification, PaymentTarget } from "../payment-webhooks/payment-webhooks.ts";
import { type RecordCapturesDeps, recordCaptures } from "../payment-webhooks/record-captures.ts";
import { markFailed } from "../payments/payment-session-queries.ts";
import { findOpenSessions, type OpenSession } from "./collection-queries.ts";
import { lockCollection } from "./lock-collection.ts";
import type { PaymentCollectionService } from "./payment-collection-service.ts";
import { releaseIfClosed } from "./release-collection.ts";

interface CollectionPaymentHandlerDeps extends RecordCapturesDeps {
  readonly database: Knex;
  readonly collections: Pick<PaymentCollectionService, "authorizePaid">;
}

/**
 * Handles payment notifications about payment collections. Several sessions of a collection may be
 * one provider's, so the provider is asked about each.
 */
export class CollectionPaymentHandler implements PaymentTarget {
  constructor(private readonly deps: CollectionPaymentHandlerDeps) {}

  async has(id: string): Promise<boolean> {
    const found = await query(
      this.deps.database,
      sql`select 1 from payment_collection where id = ${id} and deleted_at is null`,
    );
    return found.length > 0;
  }

  /**
   * Authorizes the sessions that are paid, as if the customer had come back. Releases them where
   * the order edit no longer waits to be paid.
   * @throws PaymentNotConfirmedError if the provider confirms none
   * @throws ProviderError
   */
  async onAuthorized(notification: PaymentNotification): Promise<void> {
    const { database, providers } = this.deps;
    const { resourceId } = notification;
    if (await runInTransaction(database, (trx) => releaseIfClosed(trx, providers, resourceId)))
      return;
    const open = await findOpenSessions(this.deps.database, notification);
    if (open.length === 0) return;
    const paid = await this.#findPaid(notification, open);
    if (paid.length === 0)
      throw new PaymentNotConfirmedError(
        `Nothing of ${notification.resourceId} is authorized at its provider's`,
      );
    await this.deps.collections.authorizePaid(notification.resourceId, paid);
  }

  /**
   * Authorizes the sessions that are paid, then records which payments were captured.
   * @throws PaymentNotConfirmedError if the provider confirms none
   * @throws ProviderError
   */
  async onCaptured(notification: PaymentNotification): Promise<void> {
    await this.onAuthorized(notification);
    await recordCaptures(this.deps, notification);
  }

  /** Sets the provider's sessions that are not authorized to `error` until the customer retries. */
  async onFailed(notification: PaymentNotification): Promise<void> {
    const { database } = this.deps;
    const open = (await findOpenSessions(database, notification)).map(({ id }) => id);
    await runInTransaction(database, async (trx) => {
      await lockCollection(trx, notification.resourceId);
      await markFailed(trx, open);
    });
  }

  /** Returns the ids of the sessions that the provider confirms as paid. */
  async #findPaid(
    { providerId }: PaymentNotification,
    open: readonly OpenSession[],
  ): Promise<string[]> {
    const provider = this.deps.providers.payment.get(providerId);
    const found: string[] = [];
    for (const { id, data } of open) {
      const { status } = await provider.retrieve({ data });
      if (status === "authorized" || status === "captured") found.push(id);
    }
    return found;
  }
}
