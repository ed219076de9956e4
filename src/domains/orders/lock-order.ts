import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";

/** Locks an order's row. Returns undefined where there is none. */
export async function lockOrder(
  trx: Transaction,
  id: string,
): Promise<{ id: string; customer_id: string } | undefined> {
  const [order] = await query<{ id: string; customer_id: string }>(
    trx,
    sql`select id, customer_id from "order" where id = ${id} for update`,
  );
  return order;
}

/** Locks the rows of orders, in the order of their ids. */
export function lockOrders(
  trx: Transaction,
  ids: readonly string[],
): Promise<{ id: string; status: string; no_notification: boolean | null }[]> {
  return query(
    trx,
    sql`select id, status, no_notification from "order"
      where id = any(${ids}) order by id for update`,
  );
}
