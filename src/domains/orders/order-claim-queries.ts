import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";

/**
 * Returns the e-mails that orders were placed with, each with its orders. Unknown ids are ignored.
 */
export function findOrdersByEmail(
  connection: Knex,
  ids: readonly string[],
): Promise<{ email: string; orders: string[] }[]> {
  return query(
    connection,
    sql`select email, array_agg(id order by id) as orders from "order"
      where id = any(${ids}) group by email order by email`,
  );
}

/** Assigns orders to a customer, under the customer's e-mail. */
export async function assignOrdersToCustomer(
  trx: Transaction,
  ids: readonly string[],
  owner: { readonly id: string; readonly email: string },
): Promise<void> {
  await query(
    trx,
    sql`update "order"
      set customer_id = ${owner.id}, email = ${owner.email}, updated_at = now()
      where id = any(${ids})`,
  );
}
