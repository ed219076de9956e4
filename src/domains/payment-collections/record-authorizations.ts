import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";
import type { PaymentStatus } from "../../providers/payment/payment-provider.ts";
import {
  type Authorization,
  authorizationLeases,
} from "../payments/attempts/authorization-leases.ts";
import { endLease } from "../payments/attempts/lease-queries.ts";
import { insertPayment } from "../payments/payment-queries.ts";
import { markAuthorized, recordStatus } from "../payments/payment-session-queries.ts";
import { linkPayment } from "./collection-queries.ts";
import { findCollectionForUpdate } from "./lock-collection.ts";

/** What a provider said about a session. */
export interface AuthorizationResult {
  readonly authorization: Authorization;
  readonly status: PaymentStatus;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Records what providers said: the sessions, their payments, and the status of the collection. Ends
 * the leases. Returns the results that were authorized for a session that no longer exists: their
 * leases last until the payment is released.
 * @throws LeaseLostError
 */
export async function recordAuthorizations(
  trx: Transaction,
  collectionId: string,
  results: readonly AuthorizationResult[],
): Promise<AuthorizationResult[]> {
  const collection = await findCollectionForUpdate(trx, collectionId);
  const orphans: AuthorizationResult[] = [];
  for (const result of results) {
    const session = collection?.payment_sessions.find(
      ({ id }) => id === result.authorization.session_id,
    );
    if (!session && result.status === "authorized") orphans.push(result);
    else await endLease(trx, authorizationLeases, result.authorization);
    if (session && !session.payment_authorized_at) await recordAuthorization(trx, result);
  }
  if (collection) await updateAuthorizedAmount(trx, collectionId);
  return orphans;
}

async function recordAuthorization(
  trx: Transaction,
  { authorization, status, data }: AuthorizationResult,
): Promise<void> {
  const { session_id, payment_collection_id, provider_id, amount, currency_code } = authorization;
  if (status !== "authorized") return recordStatus(trx, session_id, { status, data });
  await markAuthorized(trx, session_id, data);
  const payment = { providerId: provider_id, amount, currencyCode: currency_code, data };
  await linkPayment(trx, payment_collection_id, await insertPayment(trx, payment));
}

/** Sums up what is authorized of a collection, and sets the status that follows. */
async function updateAuthorizedAmount(trx: Transaction, id: string): Promise<void> {
  await query(
    trx,
    sql`update payment_collection c set authorized_amount = s.amount, updated_at = now(),
        status = (case when s.amount = 0 then 'awaiting'
          when s.amount < c.amount then 'partially_authorized'
          else 'authorized' end)::"PAYMENT_COLLECTION_STATUS_ENUM"
      from (select coalesce(sum(p.amount), 0)::integer as amount from payment_collection_sessions t
        join payment_session p on p.id = t.payment_session_id
        where t.payment_collection_id = ${id} and p.payment_authorized_at is not null) s
      where c.id = ${id}`,
  );
}

/** Marks a collection as authorized of which nothing is due. */
export async function waive(trx: Transaction, id: string): Promise<void> {
  await query(
    trx,
    sql`update payment_collection
      set status = 'authorized', authorized_amount = 0, updated_at = now() where id = ${id}`,
  );
}
