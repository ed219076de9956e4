import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { ConflictError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import type { Providers } from "../../providers/providers.ts";
import type { PaymentNotification, PaymentTarget } from "../payment-webhooks/payment-webhooks.ts";
import { recordCaptures } from "../payment-webhooks/record-captures.ts";
import { findOpenSessions, type OpenSession } from "./collection-queries.ts";
import { lockCollection } from "./lock-collection.ts";
import type { PaymentCollectionService } from "./payment-collection-service.ts";

interface CollectionPaymentHandlerDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
  readonly collections: Pick<PaymentCollectionService, "authorizePaid">;
}

/**
 * Payment collections that are paid: what their providers say of them. Several sessions may be one
 * provider's, so it is asked about each.
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
   * Authorizes the sessions that are paid, as if the customer had come back.
   * @throws Conflict the provider says so of none · ProviderFailure
   */
  async authorized(notification: PaymentNotification): Promise<void> {
    const open = await findOpenSessions(this.deps.database, notification);
    if (open.length === 0) return;
    const paid = await this.#findPaid(notification, open);
    if (paid.length === 0)
      throw new ConflictError(
        `Nothing of ${notification.resourceId} is authorized at its provider's`,
      );
    await this.deps.collections.authorizePaid(notification.resourceId, paid);
  }

  /**
   * Authorizes the sessions that are paid, then notes which payments were taken.
   * @throws Conflict the provider says so of none · ProviderFailure
   */
  async captured(notification: PaymentNotification): Promise<void> {
    await this.authorized(notification);
    await recordCaptures(this.deps, notification);
  }

  /** The provider's sessions that are not authorized say `error` until the customer tries again. */
  async failed(notification: PaymentNotification): Promise<void> {
    const { database } = this.deps;
    const open = (await findOpenSessions(database, notification)).map(({ id }) => id);
    await runInTransaction(database, async (trx) => {
      await lockCollection(trx, notification.resourceId);
      await query(
        trx,
        sql`update payment_session set status = 'error', updated_at = now()
          where id = any(${open}) and status in ('pending', 'requires_more')`,
      );
    });
  }

  /** Which of the sessions the provider says are paid. */
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
