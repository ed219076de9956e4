import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
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
    sql`select id, amount, provider_id, data from payment
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

/** Saves a payment with what it pays for. */
export async function savePayment(
  trx: Knex.Transaction,
  payment: AuthorizedPayment,
  paidFor: PaidFor,
): Promise<void> {
  await upsertPayment(trx, payment, { ...paidFor, isCanceled: false, data: payment.data });
}

/** Saves a payment that was released. Its cart is open again. */
export async function saveReleasedPayment(
  trx: Knex.Transaction,
  payment: AuthorizedPayment,
  { outcome, amount, data }: ReleasedPayment,
): Promise<void> {
  const id = await upsertPayment(
    trx,
    { ...payment, amount },
    { orderId: null, swapId: null, isCanceled: true, data },
  );
  if (outcome === "refunded") {
    await query(
      trx,
      sql`update payment set captured_at = now(), amount_refunded = amount where id = ${id}`,
    );
  }
}

interface PaymentRecord extends PaidFor {
  readonly isCanceled: boolean;
  readonly data: object;
}

async function upsertPayment(
  trx: Knex.Transaction,
  payment: AuthorizedPayment,
  record: PaymentRecord,
): Promise<string> {
  const { orderId, swapId, isCanceled, data } = record;
  const id = payment.paymentId ?? newId("pay");
  const { cartId, sessionId, providerId, amount, currencyCode } = payment;
  const canceledAt = isCanceled ? sql`now()` : sql`null::timestamptz`;
  await query(
    trx,
    sql`insert into payment
        (id, cart_id, order_id, swap_id, amount, currency_code, provider_id, data, canceled_at)
      values (${id}, ${cartId}, ${orderId}, ${swapId}, ${amount}, ${currencyCode}, ${providerId},
        ${JSON.stringify(data)}::jsonb, ${canceledAt})
      on conflict (id) do update set order_id = excluded.order_id, swap_id = excluded.swap_id,
        data = excluded.data, canceled_at = excluded.canceled_at, updated_at = now()`,
  );
  await markAuthorized(trx, sessionId, payment.data);
  const authorizedAt = isCanceled ? sql`null::timestamptz` : sql`now()`;
  await query(
    trx,
    sql`update cart
      set payment_id = ${id}, payment_authorized_at = ${authorizedAt}, updated_at = now()
      where id = ${cartId} and not (${isCanceled} and completed_at is not null)`,
  );
  return id;
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
  readonly data: Json;
}

/** Finds a provider's open payments of a cart or a payment collection. */
export function findOpenPayments(
  connection: Knex,
  resourceId: string,
  providerId: string,
): Promise<OpenPayment[]> {
  return query<OpenPayment>(
    connection,
    sql`select id, order_id, swap_id, data from payment
      where (cart_id = ${resourceId} or id in (
          select payment_id from payment_collection_payments
          where payment_collection_id = ${resourceId}))
        and provider_id = ${providerId} and captured_at is null and canceled_at is null`,
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
