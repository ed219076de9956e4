import type { Knex } from "knex";
import { query, sql } from "../../../database/sql.ts";
import { resetSession } from "../payment-session-queries.ts";
import { backOff } from "./back-off.ts";
import type { Lease, LeaseTable } from "./lease-queries.ts";
import { lockCheckoutLease } from "./lock-checkout-lease.ts";

/** The lease of a cart's checkout, and the payment that is being made or released for it. */
export interface CheckoutLease extends Lease {
  readonly cart_id: string;
  /**
   * `telling`: the amount is sent to the provider, which holds nothing yet · `authorizing`: the
   * provider was asked to authorize, and may hold the amount · `canceling`: the payment must be
   * released, whatever becomes of the cart · `deleting`: the same, and its provider may have
   * deleted it already
   */
  readonly state: "telling" | "authorizing" | "canceling" | "deleting";
  readonly session_id: string | null;
  /** The id of the payment's row, where it exists. */
  readonly payment_id: string | null;
  readonly provider_id: string | null;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currency_code: string | null;
  /** The provider's last answer. */
  readonly data: Readonly<Record<string, unknown>>;
}

export const checkoutLeases: LeaseTable<CheckoutLease> = {
  name: "nettle_checkout",
  key: "cart_id",
  resource: "cart_id",
  inserted: ["cart_id"],
  recorded: [
    "state",
    "attempt",
    "session_id",
    "payment_id",
    "provider_id",
    "amount",
    "currency_code",
    "data",
  ],
  nextTryAt: sql`next_try_at`,
  postponed: sql`, next_try_at = now() + ${backOff(sql`(tries + 1)`)}`,
  busyMessage: "The cart is being completed. Try again shortly.",
};

/** A payment whose release is queued. */
export type PaymentToVoid = Pick<
  CheckoutLease,
  "cart_id" | "attempt" | "provider_id" | "amount" | "currency_code" | "data"
>;

/**
 * Queues the release of a payment. The next completion of the cart or the background loop does it;
 * a checkout that is recorded already stays as it is.
 */
export async function queueVoid(trx: Knex.Transaction, payment: PaymentToVoid): Promise<void> {
  const { cart_id, attempt, provider_id, amount, currency_code, data } = payment;
  await query(
    trx,
    sql`insert into nettle_checkout
        (cart_id, claimed_until, state, attempt, provider_id, amount, currency_code, data)
      values (${cart_id}, clock_timestamp(), 'canceling', ${attempt}, ${provider_id}, ${amount},
        ${currency_code}, ${JSON.stringify(data)}::jsonb)
      on conflict do nothing`,
  );
}

/**
 * Cancels an interrupted checkout of a cart whose row is locked: its payment will be released, and
 * its session is initiated again before it pays. Returns false while a process holds the lease.
 */
export async function cancelInterruptedCheckout(
  trx: Knex.Transaction,
  cartId: string,
): Promise<boolean> {
  const lease = await lockCheckoutLease(trx, cartId);
  if (lease?.is_held) return false;
  await query(
    trx,
    sql`update nettle_checkout
      set state = case state when 'deleting' then state else 'canceling' end, session_id = null
      where cart_id = ${cartId}`,
  );
  if (lease?.session_id) await resetSession(trx, lease.session_id);
  return true;
}
