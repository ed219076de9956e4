import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";

/** A customer as a change needs to know them. */
export interface LockedCustomer {
  readonly id: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly phone: string | null;
  readonly has_account: boolean;
  readonly billing_address_id: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly password_hash: string | null;
}

/**
 * A customer, locked until the end of the transaction.
 * @throws NotFound
 */
export async function lockCustomer(trx: Transaction, id: string): Promise<LockedCustomer> {
  const [row] = await query<LockedCustomer>(
    trx,
    sql`select id, email, first_name, last_name, phone, has_account, billing_address_id, metadata, password_hash
      from customer where id = ${id} and deleted_at is null for update`,
  );
  if (!row) throw new NotFoundError(`Customer with id: ${id} was not found`);
  return row;
}

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
