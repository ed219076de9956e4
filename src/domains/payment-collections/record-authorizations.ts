import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";
import {
  type Authorization,
  authorizationLeases,
} from "../payments/attempts/authorization-leases.ts";
import type { PaymentResult } from "../payments/attempts/authorize-payment.ts";
import { isGivenUp } from "../payments/attempts/back-off.ts";
import { endLease } from "../payments/attempts/lease-queries.ts";
import { queueRelease } from "../payments/attempts/release-leases.ts";
import { insertPayment } from "../payments/payment-queries.ts";
import { markAuthorized, recordStatus } from "../payments/payment-session-queries.ts";
import { linkPayment } from "./collection-queries.ts";
import { findCollectionForUpdate } from "./lock-collection.ts";
import { isClosed } from "./payment-collection-rules.ts";

/** What a provider said about a session. */
export interface AuthorizationResult extends PaymentResult {
  readonly authorization: Authorization;
}

/**
 * Records what providers said: the sessions, their payments, and the status of the collection. Ends
 * the leases. Queues the release of the payments whose session no longer exists, of those that
 * were declined while their provider holds money, and of all if the order edit no longer waits to
 * be paid. Returns whether that is so.
 * @throws LeaseLostError
 */
export async function recordAuthorizations(
  trx: Transaction,
  collectionId: string,
  results: readonly AuthorizationResult[],
): Promise<{ isClosed: boolean }> {
  const collection = await findCollectionForUpdate(trx, collectionId);
  const closed = collection !== undefined && isClosed(collection);
  for (const result of results) {
    await endLease(trx, authorizationLeases, result.authorization);
    const session = collection?.payment_sessions.find(
      ({ id }) => id === result.authorization.session_id,
    );
    if (!session || closed || result.holdsFunds) await queueResultRelease(trx, result);
    else if (!session.payment_authorized_at) await recordAuthorization(trx, result);
  }
  if (collection && !closed) await updateAuthorizedAmount(trx, collectionId);
  return { isClosed: closed };
}

/** Ends the leases of authorizations, and queues the release of their payments. */
export async function releaseAuthorizations(
  trx: Transaction,
  results: readonly Pick<AuthorizationResult, "authorization" | "data">[],
): Promise<void> {
  for (const result of results) {
    await endLease(trx, authorizationLeases, result.authorization);
    await queueResultRelease(trx, result);
  }
}

async function queueResultRelease(
  trx: Transaction,
  { authorization, data }: Pick<AuthorizationResult, "authorization" | "data">,
): Promise<void> {
  const { attempt, payment_collection_id, session_id, provider_id } = authorization;
  const { amount, currency_code } = authorization;
  await recordStatus(trx, session_id, { status: "canceled", data });
  await queueRelease(trx, {
    ...{ attempt, resource_id: payment_collection_id, provider_id, amount, currency_code, data },
    // A released payment leaves a cart's session `authorized`; here it would count as paid.
    session_id: null,
    payment_id: null,
    state: isGivenUp(authorization) ? "deleting" : "waiting",
  });
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
