import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import type { Providers } from "../../providers/providers.ts";
import { type PaymentToVoid, queueVoid } from "../payments/attempts/checkout-leases.ts";
import { needsInitiation } from "../payments/payment-session-queries.ts";
import type { Cart } from "./cart-tree.ts";

/**
 * Queues the release of a payment whose session a change of the cart removes, because the shopper
 * may be paying on its provider's page.
 */
export async function queueVoidOfRemovedSession(
  trx: Knex.Transaction,
  { payment }: Providers,
  before: Cart,
  after: Cart,
): Promise<void> {
  const remainingIds = new Set(after.payment_sessions.map(({ id }) => id));
  const removed = before.payment_sessions.find(
    (session) =>
      !remainingIds.has(session.id) &&
      !needsInitiation(session) &&
      payment.has(session.provider_id),
  );
  if (!removed || payment.get(removed.provider_id).pure) return;
  await queueVoid(trx, {
    cart_id: before.id,
    attempt: newId("attempt"),
    provider_id: removed.provider_id,
    amount: removed.amount ?? 0,
    currency_code: before.region.currency_code,
    data: (removed.data ?? {}) as PaymentToVoid["data"],
  });
}
