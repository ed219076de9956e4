import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { retry } from "../../concurrency/retry.ts";
import { query, sql } from "../../database/sql.ts";
import type { CheckoutLease } from "./checkout-lease.ts";
import type { CompletionTarget } from "./completion-target.ts";

/**
 * Returns the id of what the cart has become, after a connection was lost during COMMIT: then only
 * the database knows. The row lock waits for a transaction that has not ended yet.
 */
export function findPlacedId(
  database: Knex,
  { cart_id: cartId }: CheckoutLease,
  target: CompletionTarget,
): Promise<string | undefined> {
  return retry(() =>
    runInTransaction(database, async (trx) => {
      await query(trx, sql`select 1 from cart where id = ${cartId} for update`);
      return target.find(trx, cartId);
    }),
  );
}
