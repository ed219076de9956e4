import type { Knex } from "knex";
import { runCommand } from "../../commands/run-command.ts";
import { isFinal, type ShopError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import type { Log } from "../../runtime/log.ts";
import { cartKey, lockCartRow } from "../carts/cart-lock.ts";
import type { PaymentNotification, PaymentTarget } from "../payment-webhooks/payment-webhooks.ts";
import { type RecordCapturesDeps, recordCaptures } from "../payment-webhooks/record-captures.ts";
import { findSelectedSessionId, markFailed } from "../payments/payment-session-queries.ts";
import type { CheckoutService } from "./checkout-service.ts";
import { PaidByAnotherProviderError } from "./payment-reporter.ts";

interface CartPaymentHandlerDeps extends RecordCapturesDeps {
  readonly database: Knex;
  readonly checkout: Pick<CheckoutService, "complete" | "releaseOrphanedPayment">;
  readonly log: Log;
}

/** Handles payment notifications about carts. */
export class CartPaymentHandler implements PaymentTarget {
  constructor(private readonly deps: CartPaymentHandlerDeps) {}

  async has(cartId: string): Promise<boolean> {
    const found = await query(
      this.deps.database,
      sql`select 1 from cart where id = ${cartId} and deleted_at is null`,
    );
    return found.length > 0;
  }

  /**
   * Completes the cart, as if the shopper had come back. A completed cart stays as it is. Releases
   * what the provider holds for a cart that it does not pay, or that is refused.
   * @throws what `CheckoutService.complete` throws
   */
  async onAuthorized({ providerId, resourceId, data, now }: PaymentNotification): Promise<void> {
    const { checkout, log } = this.deps;
    const about = { provider: providerId, cart: resourceId };
    try {
      const completion = await checkout.complete(
        { now, idempotency: undefined, paidBy: { providerId, data } },
        resourceId,
      );
      if (completion.type !== "cart")
        await this.#releaseOrphan(resourceId, providerId, new PaidByAnotherProviderError());
      else
        log.info(
          { ...about, event: "payment_incomplete", status: completion.payment_status },
          "A payment is not complete yet",
        );
    } catch (error) {
      if (!isFinal(error)) throw error;
      if (error instanceof PaidByAnotherProviderError)
        return this.#releaseOrphan(resourceId, providerId, error);
      await checkout.releaseOrphanedPayment(resourceId, providerId, error);
      throw error;
    }
  }

  /**
   * Completes the cart, then records that its payment was captured.
   * @throws what `onAuthorized` throws
   * @throws ConflictError if the provider denies it when asked
   * @throws ProviderError
   */
  async onCaptured(notification: PaymentNotification): Promise<void> {
    await this.onAuthorized(notification);
    await recordCaptures(this.deps, notification);
  }

  /**
   * Sets the session of an open cart to `error` until the shopper tries again, unless the provider
   * says that another payment failed.
   */
  onFailed({ providerId, resourceId, data }: PaymentNotification): Promise<void> {
    const { database } = this.deps;
    const order = { key: cartKey(resourceId) };
    return runCommand(database, { idempotency: undefined }, order, async (trx) => {
      const cart = await lockCartRow(trx, resourceId);
      if (!cart || cart.is_completed) return;
      const session = await findSelectedSessionId(trx, resourceId, { providerId, data });
      if (session !== undefined) await markFailed(trx, [session]);
    });
  }

  async #releaseOrphan(cart: string, provider: string, refusal: ShopError): Promise<void> {
    if (await this.deps.checkout.releaseOrphanedPayment(cart, provider, refusal))
      this.deps.log.warn(
        { event: "orphaned_payment_released", provider, cart },
        "A provider held a payment for a cart that it does not pay; it was refunded or voided",
      );
  }
}
