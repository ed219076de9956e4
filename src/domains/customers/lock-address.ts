import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";

/** Locks an address of the customer's address book. Returns whether there is one. */
export async function lockOwnAddress(
  trx: Transaction,
  customerId: string,
  id: string,
): Promise<boolean> {
  const rows = await query(
    trx,
    sql`select 1 from address
      where id = ${id} and customer_id = ${customerId} and deleted_at is null for update`,
  );
  return rows.length > 0;
}

/** Locks an address that is in no other customer's address book. Returns whether there is one. */
export async function lockFreeAddress(
  trx: Transaction,
  customerId: string,
  id: string,
): Promise<boolean> {
  const rows = await query(
    trx,
    sql`select 1 from address
      where id = ${id} and (customer_id = ${customerId} or customer_id is null)
        and deleted_at is null for update`,
  );
  return rows.length > 0;
}
