import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";
import { insertRow, updateRow } from "../../database/write-row.ts";

/** Inserts a customer. */
export async function insertCustomer(
  trx: Transaction,
  columns: Record<string, unknown>,
): Promise<void> {
  await insertRow(trx, "customer", columns);
}

/** Updates the given columns of a customer. Without a column it writes nothing. */
export async function updateCustomer(
  trx: Transaction,
  id: string,
  columns: Record<string, unknown>,
): Promise<void> {
  if (Object.keys(columns).length === 0) return;
  await updateRow(trx, "customer", id, columns);
}

/** Returns whether another customer of the same kind (account or guest) has the e-mail. */
export async function isEmailTaken(
  trx: Transaction,
  email: string,
  customerId: string,
  hasAccount: boolean,
): Promise<boolean> {
  const rows = await query(
    trx,
    sql`select 1 from customer
      where email = ${email} and has_account = ${hasAccount} and id <> ${customerId}
        and deleted_at is null`,
  );
  return rows.length > 0;
}
