import { createHash } from "node:crypto";
import type { Knex } from "knex";
import type { Providers } from "../../../providers/providers.ts";
import { type DraftSession, needsInitiation } from "../payment-session-queries.ts";
import { type NewPaymentRelease, queueRelease } from "./release-leases.ts";

/** What a session's payment was to pay for. */
export interface SessionResource {
  /** The cart's id, or the payment collection's. */
  readonly id: string;
  readonly currencyCode: string;
}

/**
 * Queues the release of the payments of sessions that are removed, or no longer pay: the shopper
 * may be paying on the provider's page. A provider that is `pure` knows of no payment.
 */
export async function queueSessionReleases(
  trx: Knex.Transaction,
  { payment }: Providers,
  resource: SessionResource,
  sessions: readonly DraftSession[],
): Promise<void> {
  for (const session of sessions) {
    const { provider_id } = session;
    if (needsInitiation(session) || !hasData(session)) continue;
    if (payment.has(provider_id) && payment.get(provider_id).pure) continue;
    await queueRelease(trx, releaseOfSession(session, resource));
  }
}

/** Returns the release of a session's payment. The same payment has the same key. */
export function releaseOfSession(
  { id, provider_id, amount, data }: Pick<DraftSession, "id" | "provider_id" | "amount" | "data">,
  resource: SessionResource,
): NewPaymentRelease {
  const known = (data ?? {}) as NewPaymentRelease["data"];
  return {
    attempt: `${id}:${fingerprintOf(known)}`,
    resource_id: resource.id,
    provider_id,
    session_id: null,
    payment_id: null,
    amount: amount ?? 0,
    currency_code: resource.currencyCode,
    data: known,
    state: "waiting",
  };
}

/** Returns a short text that differs for other data. */
export function fingerprintOf(data: object): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("base64url").slice(0, 16);
}

function hasData({ data }: DraftSession): boolean {
  return Object.keys((data ?? {}) as object).length > 0;
}
