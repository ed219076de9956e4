import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";
import { lockOrder } from "../orders/lock-order.ts";

/** A swap that is not confirmed yet, with its return. */
export interface OpenSwap {
  readonly id: string;
  readonly order_id: string;
  readonly allow_backorder: boolean;
  readonly no_notification: boolean | null;
  readonly canceled_at: string | null;
  readonly return_id: string;
  readonly return_status: string;
}

/**
 * Locks the swap of a cart with its return, then its order. Returns undefined where there is none.
 */
export async function lockSwapOfCart(
  trx: Transaction,
  cartId: string,
): Promise<OpenSwap | undefined> {
  const [swap] = await query<OpenSwap>(
    trx,
    sql`select s.id, s.order_id, s.allow_backorder, s.no_notification, s.canceled_at,
        r.id as return_id, r.status as return_status
      from swap s join return r on r.swap_id = s.id
      where s.cart_id = ${cartId} and s.deleted_at is null for update`,
  );
  if (swap) await lockOrder(trx, swap.order_id);
  return swap;
}

/** Locks a swap's row. */
export async function lockSwap(trx: Transaction, id: string): Promise<void> {
  await query(trx, sql`select 1 from swap where id = ${id} for update`);
}
