import type { Transaction } from "../../commands/transaction.ts";
import type { Providers } from "../../providers/providers.ts";
import { queueLiveRelease } from "../payments/attempts/queue-live-release.ts";
import { queueSessionReleases } from "../payments/attempts/queue-session-releases.ts";
import type { Cart } from "./cart-tree.ts";

/**
 * Queues the release of the payments whose sessions a change removes. A cart without sessions is
 * not paid with what Medusa left on it either.
 */
export async function releaseRemovedPayments(
  trx: Transaction,
  providers: Providers,
  before: Cart,
  after: Cart,
): Promise<void> {
  const remaining = new Set(after.payment_sessions.map(({ id }) => id));
  const removed = before.payment_sessions.filter(({ id }) => !remaining.has(id));
  const resource = { id: before.id, currencyCode: before.region.currency_code };
  await queueSessionReleases(trx, providers, resource, removed);
  if (remaining.size === 0 && !before.completed_at) await queueLiveRelease(trx, before);
}
