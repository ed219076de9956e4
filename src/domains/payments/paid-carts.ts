import type { Knex } from "knex";
import { inTurn } from "../../database/in-turn.ts";
import { query, sql } from "../../database/sql.ts";
import { useCase } from "../../database/use-case.ts";
import { isFinal } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import type { Log } from "../../log.ts";
import type { Providers } from "../../providers/providers.ts";
import { PaidByAnother } from "../checkout/begin-completion.ts";
import type { CheckoutService } from "../checkout/checkout-service.ts";
import { captureByNews } from "./capture-by-news.ts";
import type { Payable, PaymentNews } from "./payment-webhooks.ts";

interface Means {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
  readonly checkout: Pick<CheckoutService, "complete" | "giveBackHeld">;
  readonly log: Log;
}

const TWICE = "A payment was made by a provider that the cart is not paid by: it was given back";

/** Carts that are paid for: what their payment providers say of them. */
export class PaidCarts implements Payable {
  constructor(private readonly means: Means) {}

  async has(cartId: string): Promise<boolean> {
    return (await query(this.means.database, sql`select 1 from cart where id = ${cartId} and deleted_at is null`)).length > 0;
  }

  /**
   * Completes the cart, as if the shopper had come back; a completed one stays as it is. What is held for a cart that this provider does not pay, or that is
   * refused, goes back.
   * @throws what `CheckoutService.complete` throws
   */
  async authorized({ providerId, resourceId, now }: PaymentNews): Promise<void> {
    const { checkout, log } = this.means;
    const about = { provider: providerId, cart: resourceId };
    try {
      const completion = await checkout.complete({ now, idempotency: undefined, paidBy: providerId }, resourceId);
      if (completion.type === "cart")
        return log.info({ ...about, status: completion.payment_status }, "A payment is not complete yet");
      if (await checkout.giveBackHeld(resourceId, providerId)) log.warn(about, TWICE);
    } catch (error) {
      if (!isFinal(error)) throw error;
      const isHeld = await checkout.giveBackHeld(resourceId, providerId);
      if (!(error instanceof PaidByAnother)) throw error;
      if (isHeld) log.warn(about, TWICE);
    }
  }

  /**
   * Completes the cart, then notes that its payment was taken.
   * @throws what `authorized` throws · Conflict the provider does not say so when it is asked · ProviderFailure
   */
  async captured(news: PaymentNews): Promise<void> {
    await this.authorized(news);
    await captureByNews(this.means, news);
  }

  /** The session says `error` until the shopper tries again. */
  async failed({ providerId, resourceId }: PaymentNews): Promise<void> {
    const note = () =>
      useCase(this.means.database, async (trx) => {
        const open = await query(trx, sql`select 1 from cart where id = ${resourceId} and completed_at is null for update`);
        if (open.length === 0) return;
        await query(
          trx,
          sql`update payment_session set status = 'error', updated_at = now()
            where cart_id = ${resourceId} and provider_id = ${providerId} and is_selected and status in ('pending', 'requires_more')`,
        );
      });
    await inTurn(`cart:${resourceId}`, note);
  }
}
