import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { saveLinks } from "../../database/save-rows.ts";
import { query, sql } from "../../database/sql.ts";
import type { ReportedPayment } from "../payments/attempts/release-leases.ts";
import type { DraftSession } from "../payments/payment-session-queries.ts";
import type { PaymentCollection } from "./lock-collection.ts";

/** Returns the id of the collection that a session belongs to. */
export async function findCollectionOfSession(
  connection: Knex,
  sessionId: string,
): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    connection,
    sql`select c.id from payment_collection c
      join payment_collection_sessions t on t.payment_collection_id = c.id
      where t.payment_session_id = ${sessionId} and c.deleted_at is null`,
  );
  return row?.id;
}

const sessionLinks = {
  name: "payment_collection_sessions",
  from: "payment_collection_id",
  to: "payment_session_id",
};

/** Links a collection to exactly these sessions. Its other sessions are deleted already. */
export async function linkSessions(
  trx: Transaction,
  collection: PaymentCollection,
  sessions: readonly DraftSession[],
): Promise<void> {
  const ids = (list: readonly DraftSession[]) => list.map(({ id }) => id);
  const linked = ids(sessions);
  const known = ids(collection.payment_sessions).filter((id) => linked.includes(id));
  saveLinks(trx, sessionLinks, collection.id, known, linked);
}

/** Links a new payment to its collection. */
export async function linkPayment(
  trx: Transaction,
  collectionId: string,
  paymentId: string,
): Promise<void> {
  await query(
    trx,
    sql`insert into payment_collection_payments (payment_collection_id, payment_id)
      values (${collectionId}, ${paymentId})`,
  );
}

/** A session that is not authorized, and its provider's last answer. */
export interface OpenSession {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Finds a provider's sessions in a collection that are not authorized, and that it reports. */
export function findOpenSessions(
  connection: Knex,
  { providerId, resourceId, data = {} }: ReportedPayment,
): Promise<OpenSession[]> {
  return query<OpenSession>(
    connection,
    sql`select s.id, s.data from payment_session s
      join payment_collection_sessions t on t.payment_session_id = s.id
      where t.payment_collection_id = ${resourceId} and s.provider_id = ${providerId}
        and s.payment_authorized_at is null and s.data @> ${JSON.stringify(data)}::jsonb
      order by s.created_at, s.id`,
  );
}

/** Records that what was authorized of a collection is being released. */
export async function markCollectionCanceled(trx: Transaction, id: string): Promise<void> {
  await query(
    trx,
    sql`update payment_collection set status = 'canceled', authorized_amount = 0, updated_at = now()
      where id = ${id}`,
  );
}

/**
 * Finds collections whose order edit was declined or canceled, or whose order was canceled, and
 * that have a payment or a session that is begun.
 */
export async function findClosedCollections(connection: Knex, limit: number): Promise<string[]> {
  const found = await query<{ id: string }>(
    connection,
    sql`select e.payment_collection_id as id
      from order_edit e join "order" o on o.id = e.order_id
      where e.payment_collection_id is not null and e.confirmed_at is null
        and (e.declined_at is not null or e.canceled_at is not null or o.status = 'canceled')
        and (exists (
            select 1 from payment_collection_payments t join payment p on p.id = t.payment_id
            where t.payment_collection_id = e.payment_collection_id
              and p.canceled_at is null and p.order_id is null)
          or exists (
            select 1 from payment_collection_sessions t
              join payment_session s on s.id = t.payment_session_id
            where t.payment_collection_id = e.payment_collection_id and s.is_initiated
              and s.payment_authorized_at is null and s.status <> 'canceled'
              and not exists (select 1 from nettle_authorization a where a.session_id = s.id)))
      limit ${limit}`,
  );
  return found.map(({ id }) => id);
}
