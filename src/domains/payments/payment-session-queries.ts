import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { changesBetween, saveRows, type TableMapping } from "../../database/save-rows.ts";
import { execute, query, sql } from "../../database/sql.ts";
import type { paymentSession } from "../../graph/entities/payment-entities.ts";
import type { Row } from "../../graph/entity.ts";

/** A payment session of a cart or of a payment collection. */
export type PaymentSession = Readonly<Row<typeof paymentSession>>;

type Times = "created_at" | "updated_at";

/** A session during a change: a stored one, or a new one, which has no times yet. */
export type DraftSession = Omit<PaymentSession, Times> & Partial<Pick<PaymentSession, Times>>;

const changed = [
  "is_selected",
  "is_initiated",
  "status",
  "data",
  "amount",
  "payment_authorized_at",
];
const sessions: TableMapping = {
  name: "payment_session",
  inserted: ["cart_id", "provider_id", ...changed],
  changed,
  hasUpdatedAt: true,
};
const sessionAmounts: TableMapping = {
  ...sessions,
  inserted: ["cart_id"],
  changed: ["amount", "status"],
};

/**
 * Returns a session of a cart or of a payment collection that no provider knows yet. `amount` is in
 * the smallest unit of the currency.
 */
export function newSession(
  id: string,
  cartId: string | null,
  providerId: string,
  amount: number,
): DraftSession {
  return {
    id,
    cart_id: cartId,
    provider_id: providerId,
    is_selected: null,
    is_initiated: false,
    status: "pending",
    data: {},
    amount,
    idempotency_key: null,
    payment_authorized_at: null,
  };
}

/**
 * Whether a session must be initiated before it pays: it never was, or its payment is an order's,
 * or was released.
 */
export function needsInitiation({ status, is_initiated }: DraftSession): boolean {
  return !is_initiated || status === "authorized" || status === "canceled";
}

/** Inserts a session that no provider knows yet, unless the cart has one of that provider. */
export async function insertSession(
  trx: Knex.Transaction,
  { id, cart_id, provider_id, status, amount }: DraftSession,
): Promise<void> {
  await query(
    trx,
    sql`insert into payment_session (id, cart_id, provider_id, status, amount, data, is_initiated)
      values (${id}, ${cart_id}, ${provider_id}, ${status}, ${amount}, '{}', false)
      on conflict do nothing`,
  );
}

/** Writes what differs between a cart's or a payment collection's sessions before and after. */
export function saveSessions(
  trx: Knex.Transaction,
  before: readonly PaymentSession[],
  after: readonly DraftSession[],
): void {
  const changes = changesBetween(sessions, before, after);
  // Unique indexes allow a cart one session of a provider and one that is selected, so the sessions
  // that are no longer selected are written first.
  const selected = new Set(after.filter(({ is_selected }) => is_selected).map(({ id }) => id));
  const deselected = changes.changed.filter(({ id }) => !selected.has(id));
  saveRows(trx, sessions, { removed: changes.removed, changed: deselected, added: [] });
  saveRows(trx, sessions, {
    removed: [],
    changed: changes.changed.filter(({ id }) => selected.has(id)),
    added: changes.added,
  });
}

/**
 * Writes the amounts and statuses that differ and deletes the sessions that are gone. Returns
 * whether anything was written.
 */
export function saveSessionAmounts(
  trx: Knex.Transaction,
  before: readonly PaymentSession[],
  after: readonly PaymentSession[],
): boolean {
  return saveRows(trx, sessionAmounts, changesBetween(sessionAmounts, before, after));
}

/** What a provider says of a payment. */
interface SessionStatus {
  readonly status: string;
  readonly data: object;
  /** The amount that it was asked for, in the smallest unit; undefined keeps the session's. */
  readonly amount?: number;
}

/** Records what a provider said of a payment that is not authorized. */
export async function recordStatus(
  trx: Knex.Transaction,
  id: string | null,
  { status, data, amount }: SessionStatus,
): Promise<void> {
  await query(
    trx,
    sql`update payment_session set status = ${status}, data = ${JSON.stringify(data)}::jsonb,
      amount = coalesce(${amount ?? null}::integer, amount), updated_at = now() where id = ${id}`,
  );
}

/** Records, ahead, that a session's payment is authorized. */
export function markAuthorized(trx: Transaction, id: string | null, data: object): void {
  execute(
    trx,
    sql`update payment_session set status = 'authorized', data = ${JSON.stringify(data)}::jsonb,
      payment_authorized_at = now(), updated_at = now() where id = ${id}`,
  );
}

/**
 * Records what became of the released payment of a session. As in Medusa, a session whose payment
 * was held stays `authorized`, with that data. One that was initiated since stays as it is.
 */
export async function recordReleasedSession(
  trx: Knex.Transaction,
  id: string,
  { outcome, data }: { readonly outcome: string; readonly data: object },
): Promise<void> {
  await query(
    trx,
    sql`update payment_session set updated_at = now(),
        data = case when ${outcome !== "none"} then data else ${JSON.stringify(data)}::jsonb end,
        status = case when ${outcome !== "none"} then 'authorized' else status end,
        payment_authorized_at = case when ${outcome !== "none"} then now()
          else payment_authorized_at end
      where id = ${id} and status = 'canceled'`,
  );
}

/** Records that the authorized payments of sessions are being released. */
export async function cancelAuthorizedSessions(
  trx: Knex.Transaction,
  ids: readonly string[],
): Promise<void> {
  await query(
    trx,
    sql`update payment_session
      set status = 'canceled', payment_authorized_at = null, updated_at = now()
      where id = any(${ids}) and payment_authorized_at is not null`,
  );
}

/** Sets sessions that wait for their payment to `error`, until the customer tries again. */
export async function markFailed(trx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  await query(
    trx,
    sql`update payment_session set status = 'error', updated_at = now()
      where id = any(${ids}) and status in ('pending', 'requires_more')`,
  );
}

/**
 * Separates a session from its payment; it must be initiated again before it pays. `at` becomes the
 * time of its last change, as PostgreSQL prints it.
 */
export async function resetSession(trx: Knex.Transaction, id: string, at: string): Promise<void> {
  await query(
    trx,
    sql`update payment_session
      set is_initiated = false, status = 'pending', data = '{}', updated_at = ${at}::timestamptz
      where id = ${id}`,
  );
}

/**
 * Returns the id of the session of this provider that a cart is going to be paid with, where it has
 * this part of the payment's data.
 */
export async function findSelectedSessionId(
  connection: Knex,
  cartId: string,
  { providerId, data = {} }: { readonly providerId: string; readonly data: object | undefined },
): Promise<string | undefined> {
  const [session] = await query<{ id: string }>(
    connection,
    sql`select id from payment_session
      where cart_id = ${cartId} and provider_id = ${providerId} and is_selected
        and data @> ${JSON.stringify(data)}::jsonb`,
  );
  return session?.id;
}
