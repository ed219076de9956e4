import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { execute, query, sql } from "../../database/sql.ts";
import type { PaymentSession } from "./payment-session-queries.ts";

/** The condition of a session whose payment may still change. */
const isOpen = sql`is_initiated and status not in ('authorized', 'canceled')`;

/** A session that a provider is asked about, and the data that the question names. */
interface AskedSession {
  readonly id: string;
  readonly data: unknown;
}

/**
 * Shows a session as not followed, with what is due, in the smallest unit. One that must be
 * initiated is separated from its former payment.
 */
export function showUnfollowed(trx: Transaction, id: string, amount: number): void {
  execute(
    trx,
    sql`update payment_session set amount = ${amount}, status = 'error', updated_at = now(),
        is_initiated = (${isOpen}), data = case when ${isOpen} then data else '{}' end
      where id = ${id}`,
  );
}

/**
 * Records what a provider answered about the amount of a session's payment. Where the cart has
 * changed again, the session stays as not followed. Returns whether the session still has the
 * payment that the provider was asked about.
 */
export async function recordFollowed(
  trx: Knex.Transaction,
  { id, data }: AskedSession,
  answer: object,
  isNewest: boolean,
): Promise<boolean> {
  const recorded = await query(
    trx,
    sql`update payment_session set data = ${JSON.stringify(answer)}::jsonb, updated_at = now(),
        status = case when ${isNewest} then 'pending' else status end
      where id = ${id} and ${isOpen} and data = ${JSON.stringify(data)}::jsonb returning 1`,
  );
  return recorded.length > 0;
}

/**
 * Records the payment that was initiated for a stored session. Returns false where the session is
 * gone, is not selected any more, or has another payment.
 */
export async function recordInitiated(
  trx: Knex.Transaction,
  id: string,
  answer: object,
  isNewest: boolean,
): Promise<boolean> {
  const data = JSON.stringify(answer);
  const recorded = await query(
    trx,
    sql`update payment_session set data = ${data}::jsonb, is_initiated = true, updated_at = now(),
        status = ${isNewest ? "pending" : "error"}, payment_authorized_at = null
      where id = ${id} and is_selected and (not (${isOpen}) or data = ${data}::jsonb) returning 1`,
  );
  return recorded.length > 0;
}

/**
 * Separates a session from a payment that can no longer follow its cart. It is initiated again
 * before it pays. Returns false where it has another payment meanwhile.
 */
export async function separateUnfollowed(
  trx: Knex.Transaction,
  { id, data }: AskedSession,
): Promise<boolean> {
  const separated = await query(
    trx,
    sql`update payment_session
      set is_initiated = false, status = 'error', data = '{}', updated_at = now()
      where id = ${id} and ${isOpen} and data = ${JSON.stringify(data)}::jsonb returning 1`,
  );
  return separated.length > 0;
}

/** What is shown of a session once its provider was called. */
export type ShownSession = Pick<
  PaymentSession,
  "id" | "amount" | "status" | "data" | "is_initiated"
>;

/** Returns the sessions of a cart as they are now. */
export function findSessions(connection: Knex, cartId: string): Promise<ShownSession[]> {
  return query<ShownSession>(
    connection,
    sql`select id, amount, status, data, is_initiated from payment_session
      where cart_id = ${cartId}`,
  );
}
