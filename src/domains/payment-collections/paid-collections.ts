import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import { useCase } from "../../database/use-case.ts";
import { Conflict } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import type { Providers } from "../../providers/providers.ts";
import { captureByNews } from "../payments/capture-by-news.ts";
import type { Payable, PaymentNews } from "../payments/payment-webhooks.ts";
import { findOpenSessions, type OpenSession } from "./collection-queries.ts";
import { lockCollection } from "./locked-collection.ts";
import type { PaymentCollectionService } from "./payment-collection-service.ts";

interface Means {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
  readonly collections: Pick<PaymentCollectionService, "authorizePaid">;
}

/** Payment collections that are paid: what their providers say of them. Several sessions may be one provider's, so it is asked about each. */
export class PaidCollections implements Payable {
  constructor(private readonly means: Means) {}

  async has(id: string): Promise<boolean> {
    const found = await query(this.means.database, sql`select 1 from payment_collection where id = ${id} and deleted_at is null`);
    return found.length > 0;
  }

  /**
   * Authorizes the sessions that are paid, as if the customer had come back.
   * @throws Conflict the provider says so of none · ProviderFailure
   */
  async authorized(news: PaymentNews): Promise<void> {
    const open = await findOpenSessions(this.means.database, news);
    if (open.length === 0) return;
    const paid = await this.#paid(news, open);
    if (paid.length === 0) throw new Conflict(`Nothing of ${news.resourceId} is authorized at its provider's`);
    await this.means.collections.authorizePaid(news.resourceId, paid);
  }

  /**
   * Authorizes the sessions that are paid, then notes which payments were taken.
   * @throws Conflict the provider says so of none · ProviderFailure
   */
  async captured(news: PaymentNews): Promise<void> {
    await this.authorized(news);
    await captureByNews(this.means, news);
  }

  /** The provider's sessions that are not authorized say `error` until the customer tries again. */
  async failed(news: PaymentNews): Promise<void> {
    const { database } = this.means;
    const open = (await findOpenSessions(database, news)).map(({ id }) => id);
    await useCase(database, async (trx) => {
      await lockCollection(trx, news.resourceId);
      await query(
        trx,
        sql`update payment_session set status = 'error', updated_at = now()
          where id = any(${open}) and status in ('pending', 'requires_more')`,
      );
    });
  }

  /** Which of the sessions the provider says are paid. */
  async #paid({ providerId }: PaymentNews, open: readonly OpenSession[]): Promise<string[]> {
    const provider = this.means.providers.payment.get(providerId);
    const found: string[] = [];
    for (const { id, data } of open) {
      const { status } = await provider.retrieve({ data });
      if (status === "authorized" || status === "captured") found.push(id);
    }
    return found;
  }
}
