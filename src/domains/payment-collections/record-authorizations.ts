import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import type { PaymentStatus } from "../../providers/payment/payment-provider.ts";
import { type Authorization, endLease } from "./authorization-queries.ts";
import { findCollectionForUpdate, type PaymentCollection } from "./lock-collection.ts";

/** What a provider said of a session. */
export interface AuthorizationResult {
  readonly authorization: Authorization;
  readonly status: PaymentStatus;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Records what providers said: sessions, payments, and how the collection now stands. Gives those
 * that were authorized for a session which is there no more: they are still claimed, and to be let
 * go.
 * @throws LostClaim
 */
export async function recordAuthorizations(
  trx: Knex.Transaction,
  collectionId: string,
  answers: readonly AuthorizationResult[],
): Promise<AuthorizationResult[]> {
  const collection = await findCollectionForUpdate(trx, collectionId);
  const orphans: AuthorizationResult[] = [];
  for (const answer of answers) {
    const session = collection?.payment_sessions.find(
      ({ id }) => id === answer.authorization.session_id,
    );
    if (!session && answer.status === "authorized") orphans.push(answer);
    else await endLease(trx, answer.authorization);
    if (session && !session.payment_authorized_at) await recordAuthorization(trx, answer);
  }
  if (collection) await updateAuthorizedAmount(trx, collection);
  return orphans;
}

async function recordAuthorization(
  trx: Knex.Transaction,
  { authorization, status, data }: AuthorizationResult,
): Promise<void> {
  const json = JSON.stringify(data);
  const at = status === "authorized" ? sql`now()` : sql`payment_authorized_at`;
  await query(
    trx,
    sql`update payment_session set status = ${status}, data = ${json}::jsonb, payment_authorized_at = ${at}, updated_at = now()
      where id = ${authorization.session_id}`,
  );
  if (status !== "authorized") return;
  const id = newId("pay");
  await query(
    trx,
    sql`with payment as (insert into payment (id, amount, currency_code, provider_id, data)
        values (${id}, ${authorization.amount}, ${authorization.currency_code}, ${authorization.provider_id}, ${json}::jsonb) returning id)
      insert into payment_collection_payments (payment_collection_id, payment_id) select ${authorization.payment_collection_id}, id from payment`,
  );
}

/** What is authorized of a collection, and the status that follows from it. */
async function updateAuthorizedAmount(
  trx: Knex.Transaction,
  { id }: PaymentCollection,
): Promise<void> {
  await query(
    trx,
    sql`update payment_collection c set authorized_amount = s.amount, updated_at = now(),
        status = (case when s.amount = 0 then 'awaiting' when s.amount < c.amount then 'partially_authorized' else 'authorized' end)
          ::"PAYMENT_COLLECTION_STATUS_ENUM"
      from (select coalesce(sum(p.amount), 0)::integer as amount from payment_collection_sessions t
        join payment_session p on p.id = t.payment_session_id
        where t.payment_collection_id = ${id} and p.payment_authorized_at is not null) s
      where c.id = ${id}`,
  );
}

/** A collection of which nothing is to be paid counts as authorized. */
export async function waive(trx: Knex.Transaction, id: string): Promise<void> {
  await query(
    trx,
    sql`update payment_collection set status = 'authorized', authorized_amount = 0, updated_at = now() where id = ${id}`,
  );
}
