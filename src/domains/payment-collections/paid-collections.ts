import type { Knex } from "knex";
import { inTurn } from "../../database/in-turn.ts";
import { query, sql } from "../../database/sql.ts";
import { useCase } from "../../database/use-case.ts";
import type { Events } from "../../events/events.ts";
import type { Providers } from "../../providers/providers.ts";
import { noteCaptures, type OpenPayment } from "../payments/note-captures.ts";
import type { Payable, PaymentNews } from "../payments/payment-webhooks.ts";
import type { PaymentCollectionService } from "./payment-collection-service.ts";

interface Means {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
  readonly collections: Pick<PaymentCollectionService, "authorizeSessions">;
}

/** A provider's server is nobody's customer. */
const nobody = { customerId: undefined, visitor: { ip: undefined, userAgent: undefined } };

/** Payment collections that are paid for: what their payment providers say of them. */
export class PaidCollections implements Payable {
  constructor(private readonly means: Means) {}

  async has(id: string): Promise<boolean> {
    const found = await query(this.means.database, sql`select 1 from payment_collection where id = ${id} and deleted_at is null`);
    return found.length > 0;
  }

  /**
   * Authorizes the provider's sessions, as if the customer had come back; those that are stay as they are.
   * @throws what `PaymentCollectionService.authorizeSessions` throws
   */
  async authorized({ providerId, resourceId }: PaymentNews): Promise<void> {
    const sessions = await query<{ id: string }>(
      this.means.database,
      sql`select s.id from payment_session s join payment_collection_sessions t on t.payment_session_id = s.id
        where t.payment_collection_id = ${resourceId} and s.provider_id = ${providerId} and s.payment_authorized_at is null`,
    );
    const ids = sessions.map(({ id }) => id);
    if (ids.length > 0) await this.means.collections.authorizeSessions(nobody, resourceId, ids);
  }

  /**
   * Authorizes the provider's sessions, then notes which of its payments were taken.
   * @throws what `authorized` throws · Conflict the provider does not say so when it is asked · ProviderFailure
   */
  async captured(news: PaymentNews): Promise<void> {
    await this.authorized(news);
    const payments = await query<OpenPayment>(
      this.means.database,
      sql`select p.id, p.provider_id, p.order_id, p.swap_id, p.data
        from payment p join payment_collection_payments t on t.payment_id = p.id
        where t.payment_collection_id = ${news.resourceId} and p.provider_id = ${news.providerId}
          and p.captured_at is null and p.canceled_at is null`,
    );
    await noteCaptures(this.means, payments);
  }

  /** The provider's sessions say `error` until somebody tries again. */
  async failed({ providerId, resourceId }: PaymentNews): Promise<void> {
    const note = () =>
      useCase(this.means.database, async (trx) => {
        await query(trx, sql`select 1 from payment_collection where id = ${resourceId} for update`);
        await query(
          trx,
          sql`update payment_session s set status = 'error', updated_at = now() from payment_collection_sessions t
            where t.payment_session_id = s.id and t.payment_collection_id = ${resourceId} and s.provider_id = ${providerId}
              and s.status in ('pending', 'requires_more')`,
        );
      });
    await inTurn(`payment-collection:${resourceId}`, note);
  }
}
