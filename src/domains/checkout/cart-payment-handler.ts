import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { isFinal } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import type { Events } from "../../events/events.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import type { PaymentNotification, PaymentTarget } from "../payment-webhooks/payment-webhooks.ts";
import { recordCaptures } from "../payment-webhooks/record-captures.ts";
import { PaidByAnotherProviderError } from "./begin-completion.ts";
import type { CheckoutService } from "./checkout-service.ts";

interface CartPaymentHandlerDeps {
  readonly database: Knex;
  readonly providers: Providers;
  readonly events: Events;
  readonly checkout: Pick<CheckoutService, "complete" | "releaseOrphanedPayment">;
  readonly log: Log;
}

const TWICE = "A payment was made by a provider that the cart is not paid by: it was given back";

/** Carts that are paid for: what their payment providers say of them. */
export class CartPaymentHandler implements PaymentTarget {
  constructor(private readonly deps: CartPaymentHandlerDeps) {}

  async has(cartId: string): Promise<boolean> {
    return (
      (
        await query(
          this.deps.database,
          sql`select 1 from cart where id = ${cartId} and deleted_at is null`,
        )
      ).length > 0
    );
  }

  /**
   * Completes the cart, as if the shopper had come back; a completed one stays as it is. What is
   * held for a cart that this provider does not pay, or that is refused, goes back.
   * @throws what `CheckoutService.complete` throws
   */
  async authorized({ providerId, resourceId, now }: PaymentNotification): Promise<void> {
    const { checkout, log } = this.deps;
    const about = { provider: providerId, cart: resourceId };
    try {
      const completion = await checkout.complete(
        { now, idempotency: undefined, paidBy: providerId },
        resourceId,
      );
      if (completion.type === "cart")
        return log.info(
          { ...about, status: completion.payment_status },
          "A payment is not complete yet",
        );
      if (await checkout.releaseOrphanedPayment(resourceId, providerId)) log.warn(about, TWICE);
    } catch (error) {
      if (!isFinal(error)) throw error;
      const wasReleased = await checkout.releaseOrphanedPayment(resourceId, providerId);
      if (!(error instanceof PaidByAnotherProviderError)) throw error;
      if (wasReleased) log.warn(about, TWICE);
    }
  }

  /**
   * Completes the cart, then notes that its payment was taken.
   * @throws what `authorized` throws · Conflict the provider does not say so when it is asked ·
   * ProviderFailure
   */
  async captured(notification: PaymentNotification): Promise<void> {
    await this.authorized(notification);
    await recordCaptures(this.deps, notification);
  }

  /** The session says `error` until the shopper tries again. */
  async failed({ providerId, resourceId }: PaymentNotification): Promise<void> {
    const recordFailure = () =>
      runInTransaction(this.deps.database, async (trx) => {
        const open = await query(
          trx,
          sql`select 1 from cart where id = ${resourceId} and completed_at is null for update`,
        );
        if (open.length === 0) return;
        await query(
          trx,
          sql`update payment_session set status = 'error', updated_at = now()
            where cart_id = ${resourceId} and provider_id = ${providerId} and is_selected and status in ('pending', 'requires_more')`,
        );
      });
    await serializeByKey(`cart:${resourceId}`, recordFailure);
  }
}
