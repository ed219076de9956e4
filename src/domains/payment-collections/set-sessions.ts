import type { PaymentSession } from "../payments/payment-session-queries.ts";
import type { CollectionPaymentGateway } from "./collection-payment-gateway.ts";
import type { PaymentCollection } from "./lock-collection.ts";
import type { SessionWish } from "./payment-collection-schemas.ts";

/**
 * The sessions that pay the wishes, in their order: those that are named follow the amount, others
 * are new, and what is left over is given up.
 */
export async function setSessions(
  { payment_sessions }: PaymentCollection,
  wishes: readonly SessionWish[],
  gateway: CollectionPaymentGateway,
): Promise<PaymentSession[]> {
  const set: PaymentSession[] = [];
  for (const [number, { provider_id, amount, session_id }] of wishes.entries()) {
    const present = payment_sessions.find(
      ({ id, provider_id: of }) => id === session_id && of === provider_id,
    );
    set.push(
      present
        ? await gateway.updateAmount(present, amount)
        : await gateway.initiate(provider_id, amount, number),
    );
  }
  for (const session of payment_sessions)
    if (!set.some(({ id }) => id === session.id)) await gateway.deleteSession(session);
  return set;
}
