import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";

/** Puts a new customer in. */
export async function insertCustomer(
  trx: Transaction,
  columns: Record<string, unknown>,
): Promise<void> {
  await trx("customer").insert(columns);
}

/** Writes the columns that are named; no column, no write. */
export async function updateCustomer(
  trx: Transaction,
  id: string,
  columns: Record<string, unknown>,
): Promise<void> {
  if (Object.keys(columns).length === 0) return;
  await trx("customer")
    .where({ id })
    .update({ ...columns, updated_at: trx.fn.now() });
}

/** Whether another account has the e-mail. */
export async function isEmailTaken(
  trx: Transaction,
  email: string,
  customerId: string,
  hasAccount: boolean,
): Promise<boolean> {
  const rows = await query(
    trx,
    sql`select 1 from customer where email = ${email} and has_account = ${hasAccount} and id <> ${customerId} and deleted_at is null`,
  );
  return rows.length > 0;
}
