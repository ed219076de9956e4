import { BusyError } from "../../commands/retry-while-busy.ts";
import type { CommandOrder } from "../../commands/run-command.ts";
import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";
import { cancelInterruptedCheckout } from "../payments/attempts/abandon-checkout.ts";

/** How long a change of a cart waits for the cart's completion, its time in the queue included. */
const WAIT_TIMEOUT_MS = 5000;

/** The cart is being completed, and what is being paid for must stay as it is. */
export class CartBusyError extends BusyError {
  constructor() {
    super("The cart is being completed and cannot be changed now. Try again shortly.");
  }
}

/** Returns the key under which this process runs commands on a cart one after another. */
export function cartKey(cartId: string): string {
  return `cart:${cartId}`;
}

/** Returns when a change of a cart runs: after other changes, and not during a completion. */
export function cartChangeOrder(cartId: string): CommandOrder {
  return { key: cartKey(cartId), waitMs: WAIT_TIMEOUT_MS };
}

/** A locked row of `cart`. */
export interface CartRow {
  readonly type: string;
  readonly is_completed: boolean;
  readonly is_deleted: boolean;
}

/** Locks a cart's row, also during a completion. Returns undefined where there is none. */
export async function lockCartRow(trx: Transaction, cartId: string): Promise<CartRow | undefined> {
  const [row] = await query<CartRow>(
    trx,
    sql`select type, completed_at is not null as is_completed, deleted_at is not null as is_deleted
      from cart where id = ${cartId} for no key update`,
  );
  return row;
}

/**
 * Locks the row of a cart that is about to be changed. Returns whether it has a checkout, which
 * must be cancelled first (`cancelCheckout`).
 */
export async function lockCartForChange(trx: Transaction, cartId: string): Promise<boolean> {
  const [locked] = await query<{ has_checkout: boolean | null }>(
    trx,
    sql`select nettle_lock_cart(${cartId}) as has_checkout`,
  );
  return locked?.has_checkout === true;
}

/**
 * Cancels the interrupted checkout of a cart whose row is locked.
 * @throws CartBusyError the cart is being completed
 */
export async function cancelCheckout(trx: Transaction, cartId: string): Promise<void> {
  if (!(await cancelInterruptedCheckout(trx, cartId))) throw new CartBusyError();
}
