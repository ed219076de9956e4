import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import type { PaymentStatus } from "../../providers/payment/payment-provider.ts";
import { type Authorization, endClaim } from "./authorization-queries.ts";
import { type Collection, findCollectionForUpdate } from "./locked-collection.ts";

/** What a provider said of a session. */
export interface Authorized {
  readonly claim: Authorization;
  readonly status: PaymentStatus;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Records what providers said: sessions, payments, and how the collection now stands. Gives those that were authorized for a session which is there no more: they
 * are still claimed, and to be let go.
 * @throws LostClaim
 */
export async function recordAuthorizations(
  trx: Knex.Transaction,
  collectionId: string,
  answers: readonly Authorized[],
): Promise<Authorized[]> {
  const collection = await findCollectionForUpdate(trx, collectionId);
  const orphans: Authorized[] = [];
  for (const answer of answers) {
    const session = collection?.payment_sessions.find(({ id }) => id === answer.claim.session_id);
    if (!session && answer.status === "authorized") orphans.push(answer);
    else await endClaim(trx, answer.claim);
    if (session && !session.payment_authorized_at) await recordOne(trx, answer);
  }
  if (collection) await sumUp(trx, collection);
  return orphans;
}

async function recordOne(trx: Knex.Transaction, { claim, status, data }: Authorized): Promise<void> {
  const json = JSON.stringify(data);
  const at = status === "authorized" ? sql`now()` : sql`payment_authorized_at`;
  await query(
    trx,
    sql`update payment_session set status = ${status}, data = ${json}::jsonb, payment_authorized_at = ${at}, updated_at = now()
      where id = ${claim.session_id}`,
  );
  if (status !== "authorized") return;
  const id = newId("pay");
  await query(
    trx,
    sql`with payment as (insert into payment (id, amount, currency_code, provider_id, data)
        values (${id}, ${claim.amount}, ${claim.currency_code}, ${claim.provider_id}, ${json}::jsonb) returning id)
      insert into payment_collection_payments (payment_collection_id, payment_id) select ${claim.payment_collection_id}, id from payment`,
  );
}

/** What is authorized of a collection, and the status that follows from it. */
async function sumUp(trx: Knex.Transaction, { id }: Collection): Promise<void> {
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
