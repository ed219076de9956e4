import type { Transaction } from "../../commands/transaction.ts";
import type { Providers } from "../../providers/providers.ts";
import { findAuthorizingSessions } from "../payments/attempts/authorization-leases.ts";
import { queueSessionReleases } from "../payments/attempts/queue-session-releases.ts";
import { type NewPaymentRelease, queueRelease } from "../payments/attempts/release-leases.ts";
import { cancelAuthorizedSessions, resetSession } from "../payments/payment-session-queries.ts";
import { markCollectionCanceled } from "./collection-queries.ts";
import { findCollectionForUpdate, type PaymentCollection } from "./lock-collection.ts";
import { isClosed } from "./payment-collection-rules.ts";

/**
 * Queues the release of what a collection was paid with, if its order edit is declined or canceled,
 * or its order is canceled. Returns whether it is so. Payments of an order stay.
 */
export async function releaseIfClosed(
  trx: Transaction,
  providers: Providers,
  collectionId: string,
): Promise<boolean> {
  const collection = await findCollectionForUpdate(trx, collectionId);
  if (!collection || !isClosed(collection)) return false;
  await releaseSessions(trx, providers, collection);
  await releasePayments(trx, collection);
  return true;
}

/** A session that is being authorized is released once its provider has answered. */
async function releaseSessions(
  trx: Transaction,
  providers: Providers,
  { id, currency_code: currencyCode, payment_sessions }: PaymentCollection,
): Promise<void> {
  const authorizing = await findAuthorizingSessions(trx, id);
  const initiated = payment_sessions.filter(
    (session) => session.is_initiated && !session.payment_authorized_at,
  );
  const released = initiated.filter((session) => !authorizing.includes(session.id));
  await queueSessionReleases(trx, providers, { id, currencyCode }, released);
  for (const session of released) await resetSession(trx, session.id, new Date().toISOString());
}

async function releasePayments(
  trx: Transaction,
  { id, currency_code, payment_sessions, payments }: PaymentCollection,
): Promise<void> {
  const live = payments.filter((payment) => !payment.canceled_at && payment.order_id === null);
  if (live.length === 0) return;
  for (const payment of live)
    await queueRelease(trx, {
      attempt: payment.id,
      resource_id: id,
      provider_id: payment.provider_id,
      session_id: null,
      payment_id: payment.id,
      amount: payment.amount,
      currency_code,
      data: payment.data as NewPaymentRelease["data"],
      state: "waiting",
    });
  await cancelAuthorizedSessions(
    trx,
    payment_sessions.map((session) => session.id),
  );
  await markCollectionCanceled(trx, id);
}
