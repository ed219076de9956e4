import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";

/** A payment that was authorized for a cart. */
export interface AuthorizedPayment {
  readonly cartId: string;
  readonly sessionId: string | null;
  /** The payment's row, where there is one already. */
  readonly paymentId: string | null;
  readonly providerId: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currencyCode: string;
  readonly data: object;
}

/**
 * A cart's payment that is neither cancelled nor an order's: a Medusa that ended in the middle
 * leaves one.
 */
export async function findLivePayment(
  trx: Knex.Transaction,
  cartId: string,
): Promise<
  { id: string; amount: number; provider_id: string; data: Record<string, unknown> } | undefined
> {
  const [row] = await query<{
    id: string;
    amount: number;
    provider_id: string;
    data: Record<string, unknown>;
  }>(
    trx,
    sql`select id, amount, provider_id, data from payment where cart_id = ${cartId} and canceled_at is null and order_id is null`,
  );
  return row;
}

/**
 * How the cart's last payment that came to nothing was given back: a `hold` was let go, or `money`
 * was refunded.
 */
export async function findLastReleaseKind(
  trx: Knex.Transaction,
  cartId: string,
): Promise<"hold" | "money" | undefined> {
  const [row] = await query<{ captured_at: string | null }>(
    trx,
    sql`select captured_at from payment where cart_id = ${cartId} and canceled_at is not null and order_id is null and swap_id is null
      order by canceled_at desc limit 1`,
  );
  return row && (row.captured_at ? "money" : "hold");
}

/** Whose a payment is: an order's, or a swap's and its order's. */
interface PaidFor {
  readonly orderId: string | null;
  readonly swapId: string | null;
}

/** Keeps a payment with what was paid for. */
export async function savePayment(
  trx: Knex.Transaction,
  payment: AuthorizedPayment,
  paidFor: PaidFor,
): Promise<void> {
  await upsertPayment(trx, payment, { ...paidFor, isCanceled: false, data: payment.data });
}

/**
 * Keeps a payment that came to nothing; the cart is open again. `what` tells whether a `hold` was
 * let go or `money` was refunded.
 */
export async function saveCanceledPayment(
  trx: Knex.Transaction,
  payment: AuthorizedPayment,
  { what, data }: { readonly what: string; readonly data: object },
): Promise<void> {
  const id = await upsertPayment(trx, payment, {
    orderId: null,
    swapId: null,
    isCanceled: true,
    data,
  });
  if (what === "money") {
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
    sql`insert into payment (id, cart_id, order_id, swap_id, amount, currency_code, provider_id, data, canceled_at)
      values (${id}, ${cartId}, ${orderId}, ${swapId}, ${amount}, ${currencyCode}, ${providerId}, ${JSON.stringify(data)}::jsonb, ${canceledAt})
      on conflict (id) do update set order_id = excluded.order_id, swap_id = excluded.swap_id, data = excluded.data, canceled_at = excluded.canceled_at,
        updated_at = now()`,
  );
  await markSessionAuthorized(trx, sessionId, payment.data);
  const authorizedAt = isCanceled ? sql`null::timestamptz` : sql`now()`;
  await query(
    trx,
    sql`update cart set payment_id = ${id}, payment_authorized_at = ${authorizedAt}, updated_at = now()
      where id = ${cartId} and not (${isCanceled} and completed_at is not null)`,
  );
  return id;
}

async function markSessionAuthorized(
  trx: Knex.Transaction,
  sessionId: string | null,
  data: object,
): Promise<void> {
  await query(
    trx,
    sql`update payment_session set status = 'authorized', data = ${JSON.stringify(data)}::jsonb, payment_authorized_at = now(),
      updated_at = now() where id = ${sessionId}`,
  );
}

/**
 * Keeps what a provider said of a payment that is not authorized, in the session that it was for.
 */
export async function recordSessionStatus(
  trx: Knex.Transaction,
  { session_id, amount }: { readonly session_id: string | null; readonly amount: number },
  { status, data }: { readonly status: string; readonly data: object },
): Promise<void> {
  await query(
    trx,
    sql`update payment_session set status = ${status}, data = ${JSON.stringify(data)}::jsonb, amount = ${amount}, updated_at = now()
      where id = ${session_id}`,
  );
}
