import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { inTurn } from "../../database/in-turn.ts";
import { query, sql } from "../../database/sql.ts";
import { Conflict } from "../../errors.ts";

/** How long a write waits for a completion of its cart, and how often it looks. */
const PATIENCE = 5000;
const PAUSE = 100;

/** The cart is being completed, and what is being paid for stays as it is. */
export class CartClaimed extends Conflict {
  constructor() {
    super("The cart is being completed and cannot be changed now. Try again shortly.");
  }
}

/**
 * Locks a cart that is about to be changed, but not while it is being completed.
 * @throws CartClaimed
 */
export async function lockCart(trx: Knex.Transaction, cartId: string): Promise<void> {
  const [locked] = await query<{ claimed: boolean }>(trx, sql`select nettle_lock_cart(${cartId}) as claimed`);
  if (locked?.claimed) await takeFromClaim(trx, cartId);
}

/**
 * Where a completion was cut off before, what it may have paid is to be given back: the payment is no longer the session's, which begins anew.
 * @throws CartClaimed it was not cut off
 */
async function takeFromClaim(trx: Knex.Transaction, cartId: string): Promise<void> {
  const [claim] = await query<{ live: boolean; session_id: string | null }>(
    trx,
    sql`select claimed_until > clock_timestamp() as live, session_id from nettle_checkout where cart_id = ${cartId} for update`,
  );
  if (claim?.live) throw new CartClaimed();
  await query(
    trx,
    sql`update nettle_checkout set state = case state when 'deleting' then state else 'canceling' end, session_id = null
      where cart_id = ${cartId}`,
  );
  await query(
    trx,
    sql`update payment_session set is_initiated = false, status = 'pending', data = '{}', updated_at = now()
      where id = ${claim?.session_id ?? null}`,
  );
}

/**
 * Runs a write to a cart: after those that came before it in this process, and once nobody completes the cart.
 * @throws CartClaimed somebody still does after some seconds
 */
export function inCartTurn<T>(cartId: string, write: () => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE;
  return inTurn(`cart:${cartId}`, async () => {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (!(error instanceof CartClaimed) || Date.now() > end) throw error;
      }
      await sleep(PAUSE * (0.5 + Math.random()));
    }
  });
}
