import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { execute, query, sql } from "../../database/sql.ts";
import type { ReleasedPayment } from "./attempts/refund-or-void.ts";
import { markAuthorized } from "./payment-session-queries.ts";

type Json = Record<string, unknown>;

/** A payment that was authorized for a cart. */
export interface AuthorizedPayment {
  readonly cartId: string;
  readonly sessionId: string | null;
  /** The id of the payment's row, where it exists. */
  readonly paymentId: string | null;
  readonly providerId: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currencyCode: string;
  readonly data: object;
}

/** A cart's payment that is neither cancelled nor an order's. */
export interface LivePayment {
  readonly id: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string;
  readonly provider_id: string;
  readonly data: Json;
}

/** Finds a cart's live payment. One is left behind when Medusa crashes midway. */
export async function findLivePayment(
  trx: Knex.Transaction,
  cartId: string,
): Promise<LivePayment | undefined> {
  const [row] = await query<LivePayment>(
    trx,
    sql`select id, amount, currency_code, provider_id, data from payment
      where cart_id = ${cartId} and canceled_at is null and order_id is null`,
  );
  return row;
}

/** Returns what became of the cart's last payment that was released. */
export async function findLastRelease(
  trx: Knex.Transaction,
  cartId: string,
): Promise<"voided" | "refunded" | undefined> {
  const [row] = await query<{ captured_at: string | null }>(
    trx,
    sql`select captured_at from payment
      where cart_id = ${cartId} and canceled_at is not null and order_id is null and swap_id is null
      order by canceled_at desc limit 1`,
  );
  return row && (row.captured_at ? "refunded" : "voided");
}

/** What a payment pays for: an order, or a swap and its order. */
interface PaidFor {
  readonly orderId: string | null;
  readonly swapId: string | null;
}

/** Saves a payment with what it pays for, and returns its id. The statements are sent ahead. */
export function savePayment(
  trx: Transaction,
  payment: AuthorizedPayment,
  { orderId, swapId }: PaidFor,
): string {
  const id = payment.paymentId ?? newId("pay");
  const { cartId, sessionId, providerId, amount, currencyCode } = payment;
  execute(
    trx,
    sql`insert into payment
        (id, cart_id, order_id, swap_id, amount, currency_code, provider_id, data)
      values (${id}, ${cartId}, ${orderId}, ${swapId}, ${amount}, ${currencyCode}, ${providerId},
        ${JSON.stringify(payment.data)}::jsonb)
      on conflict (id) do update set order_id = excluded.order_id, swap_id = excluded.swap_id,
        data = excluded.data, canceled_at = null, updated_at = now()`,
  );
  markAuthorized(trx, sessionId, payment.data);
  execute(
    trx,
    sql`update cart set payment_id = ${id}, payment_authorized_at = now(), updated_at = now()
      where id = ${cartId}`,
  );
  return id;
}

/** A payment that was released. */
interface PaymentToSave {
  /** The cart's id, or the payment collection's. */
  readonly resource_id: string;
  /** The id of the payment's row, where it exists. */
  readonly payment_id: string | null;
  readonly provider_id: string;
  readonly currency_code: string;
}

/**
 * Saves a payment that was released, where the provider held something. Its cart is open again. A
 * payment of a payment collection is saved only if it has a row.
 */
export async function saveReleasedPayment(
  trx: Knex.Transaction,
  payment: PaymentToSave,
  { outcome, amount, data }: ReleasedPayment,
): Promise<void> {
  const { resource_id: cartId, payment_id, provider_id, currency_code } = payment;
  if (outcome === "none" && payment_id === null) return;
  const id = payment_id ?? newId("pay");
  const wasCaptured = outcome === "refunded";
  await query(
    trx,
    sql`insert into payment (id, cart_id, amount, currency_code, provider_id, data, canceled_at,
        captured_at, amount_refunded)
      select ${id}::text, c.id, ${amount}, ${currency_code}::text, ${provider_id}::text,
        ${JSON.stringify(data)}::jsonb, now(), case when ${wasCaptured} then now() end,
        case when ${wasCaptured} then ${amount}::integer else 0 end
      from (select 1) one left join cart c on c.id = ${cartId}
      where ${payment_id !== null} or c.id is not null
      on conflict (id) do update set data = excluded.data, updated_at = now(),
        canceled_at = coalesce(payment.canceled_at, now()),
        captured_at = coalesce(payment.captured_at, excluded.captured_at),
        amount_refunded = greatest(payment.amount_refunded, excluded.amount_refunded)`,
  );
  await query(
    trx,
    sql`update cart set payment_id = ${id}, payment_authorized_at = null, updated_at = now()
      where id = ${cartId} and completed_at is null and not exists (
        select 1 from payment p where p.cart_id = cart.id and p.canceled_at is null)`,
  );
}

/** Marks a payment as canceled. Its cart, if it has one, may be paid by another. */
export async function cancelPayment(trx: Knex.Transaction, id: string): Promise<void> {
  await query(
    trx,
    sql`with canceled as (
        update payment set canceled_at = now(), updated_at = now()
        where id = ${id} and canceled_at is null returning cart_id)
      update cart set payment_authorized_at = null, updated_at = now()
      where id in (select cart_id from canceled) and completed_at is null`,
  );
}

/** Inserts a payment that was authorized for a payment collection. Returns its id. */
export async function insertPayment(
  trx: Knex.Transaction,
  payment: Pick<AuthorizedPayment, "providerId" | "amount" | "currencyCode" | "data">,
): Promise<string> {
  const { providerId, amount, currencyCode, data } = payment;
  const id = newId("pay");
  await query(
    trx,
    sql`insert into payment (id, amount, currency_code, provider_id, data)
      values (${id}, ${amount}, ${currencyCode}, ${providerId}, ${JSON.stringify(data)}::jsonb)`,
  );
  return id;
}

/**
 * Makes the payments of a payment collection an order's. Returns the rows of those that were not,
 * as they are now.
 */
export function assignPaymentsToOrder(
  trx: Knex.Transaction,
  collectionId: string | null,
  orderId: string,
): Promise<Json[]> {
  return query(
    trx,
    sql`update payment p set order_id = ${orderId}, updated_at = now()
      from payment_collection_payments t
      where t.payment_collection_id = ${collectionId} and t.payment_id = p.id
        and p.order_id is distinct from ${orderId}
      returning p.*`,
  );
}

/** A payment that is neither captured nor cancelled. */
export interface OpenPayment {
  readonly id: string;
  readonly order_id: string | null;
  readonly swap_id: string | null;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly data: Json;
}

/** A report of a provider about a payment. */
interface PaymentReport {
  /** The cart's id, or the payment collection's. */
  readonly resourceId: string;
  readonly providerId: string;
  /** A part of the payment's data; undefined where the provider does not say which payment. */
  readonly data: Json | undefined;
}

/** Finds a provider's open payments of a cart or a payment collection that a report is about. */
export function findOpenPayments(
  connection: Knex,
  { resourceId, providerId, data = {} }: PaymentReport,
): Promise<OpenPayment[]> {
  return query<OpenPayment>(
    connection,
    sql`select id, order_id, swap_id, amount, data from payment
      where (cart_id = ${resourceId} or id in (
          select payment_id from payment_collection_payments
          where payment_collection_id = ${resourceId}))
        and provider_id = ${providerId} and captured_at is null and canceled_at is null
        and data @> ${JSON.stringify(data)}::jsonb`,
  );
}

/** Records that a payment was captured. Returns false where it is captured or cancelled already. */
export async function markCaptured(
  trx: Knex.Transaction,
  id: string,
  data: object,
): Promise<boolean> {
  const marked = await query(
    trx,
    sql`update payment
      set captured_at = now(), data = ${JSON.stringify(data)}::jsonb, updated_at = now()
      where id = ${id} and captured_at is null and canceled_at is null returning 1`,
  );
  return marked.length > 0;
}

/** Saves what a provider says of a payment that is neither captured nor canceled. */
export async function updatePaymentData(
  trx: Knex.Transaction,
  id: string,
  data: object,
): Promise<void> {
  await query(
    trx,
    sql`update payment set data = ${JSON.stringify(data)}::jsonb, updated_at = now()
      where id = ${id} and captured_at is null and canceled_at is null`,
  );
}
