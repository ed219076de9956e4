import type { Transaction } from "../../commands/transaction.ts";
import type { ShopError } from "../../core/errors.ts";
import type { Events } from "../../events/events.ts";
import type { EventData } from "../../events/subscribers.ts";
import type { NewPaymentRelease } from "../payments/attempts/release-leases.ts";

/** Who completes a cart: the shopper, a provider's webhook, or the background loop. */
export type CompletionInitiator = EventData["cart.payment_released"]["initiated_by"];

/** Why a payment is released. */
export interface ReleaseReason {
  readonly refusal: Pick<ShopError, "message">;
  readonly initiator: CompletionInitiator;
}

/** Publishes that a cart's payment is refunded or voided, since no order could be made of it. */
export function publishRelease(
  trx: Transaction,
  events: Events,
  release: NewPaymentRelease,
  { refusal, initiator }: ReleaseReason,
): void {
  const { resource_id, session_id, provider_id, amount, currency_code } = release;
  events.publish(trx, {
    name: "cart.payment_released",
    data: {
      id: resource_id,
      payment_session_id: session_id,
      provider_id,
      amount,
      currency_code,
      reason: refusal.message,
      initiated_by: initiator,
    },
  });
}
