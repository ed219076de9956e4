import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { retry } from "../../concurrency/retry.ts";
import { lockCartRow } from "../carts/cart-lock.ts";
import type { CheckoutLease } from "../payments/attempts/checkout-leases.ts";
import type { CompletionTarget } from "./completion-target.ts";

/**
 * Returns the id of what the cart has become, after a connection was lost during COMMIT: only the
 * database knows it then. The row lock waits for a transaction that has not ended yet.
 */
export function findPlacedId(
  database: Knex,
  { cart_id: cartId }: CheckoutLease,
  target: CompletionTarget,
): Promise<string | undefined> {
  return retry(() =>
    runInTransaction(database, async (trx) => {
      await lockCartRow(trx, cartId);
      return target.find(trx, cartId);
    }),
  );
}
