import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { serializeByKey } from "../../concurrency/serialize-by-key.ts";
import { ConflictError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";

/** How long a write waits for a completion of its cart, and how often it looks. */
const WAIT_TIMEOUT_MS = 5000;
const POLL_INTERVAL_MS = 100;

/** The cart is being completed, and what is being paid for stays as it is. */
export class CartBusyError extends ConflictError {
  constructor() {
    super("The cart is being completed and cannot be changed now. Try again shortly.");
  }
}

/**
 * Locks a cart that is about to be changed, but not while it is being completed.
 * @throws CartClaimed
 */
export async function lockCartForChange(trx: Knex.Transaction, cartId: string): Promise<void> {
  const [locked] = await query<{ claimed: boolean }>(
    trx,
    sql`select nettle_lock_cart(${cartId}) as claimed`,
  );
  if (locked?.claimed) await cancelInterruptedCheckout(trx, cartId);
}

/**
 * Where a completion was cut off before, what it may have paid is to be given back: the payment is
 * no longer the session's, which begins anew.
 * @throws CartClaimed it was not cut off
 */
async function cancelInterruptedCheckout(trx: Knex.Transaction, cartId: string): Promise<void> {
  const [lease] = await query<{ live: boolean; session_id: string | null }>(
    trx,
    sql`select claimed_until > clock_timestamp() as live, session_id from nettle_checkout where cart_id = ${cartId} for update`,
  );
  if (lease?.live) throw new CartBusyError();
  await query(
    trx,
    sql`update nettle_checkout set state = case state when 'deleting' then state else 'canceling' end, session_id = null
      where cart_id = ${cartId}`,
  );
  await query(
    trx,
    sql`update payment_session set is_initiated = false, status = 'pending', data = '{}', updated_at = now()
      where id = ${lease?.session_id ?? null}`,
  );
}

/**
 * Runs a write to a cart: after those that came before it in this process, and once nobody
 * completes the cart.
 * @throws CartClaimed somebody still does after some seconds
 */
export function withCartLock<T>(cartId: string, write: () => Promise<T>): Promise<T> {
  const end = Date.now() + WAIT_TIMEOUT_MS;
  return serializeByKey(`cart:${cartId}`, async () => {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (!(error instanceof CartBusyError) || Date.now() > end) throw error;
      }
      await sleep(POLL_INTERVAL_MS * (0.5 + Math.random()));
    }
  });
}
