import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";

/** Locks an order's row. Returns undefined where there is none. */
export async function lockOrder(
  trx: Transaction,
  id: string,
): Promise<{ id: string; customer_id: string; status: string } | undefined> {
  const [order] = await query<{ id: string; customer_id: string; status: string }>(
    trx,
    sql`select id, customer_id, status from "order" where id = ${id} for update`,
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

/** Keeps an order's row from being changed. Returns undefined where there is none. */
export async function lockOrderAgainstChanges(
  trx: Transaction,
  id: string,
): Promise<{ id: string; customer_id: string; status: string } | undefined> {
  const [order] = await query<{ id: string; customer_id: string; status: string }>(
    trx,
    sql`select id, customer_id, status from "order" where id = ${id} for share`,
  );
  return order;
}
