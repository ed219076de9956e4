import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";

/** A locked customer row with all that a change of it needs. */
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
 * Locks a customer until the end of the transaction and returns it.
 * @throws NotFoundError if the customer does not exist
 */
export async function lockCustomer(trx: Transaction, id: string): Promise<LockedCustomer> {
  const [row] = await query<LockedCustomer>(
    trx,
    sql`select id, email, first_name, last_name, phone, has_account,
        billing_address_id, metadata, password_hash
      from customer where id = ${id} and deleted_at is null for update`,
  );
  if (!row) throw new NotFoundError(`Customer with id: ${id} was not found`);
  return row;
}

/** Inserts a customer. */
export async function insertCustomer(
  trx: Transaction,
  columns: Record<string, unknown>,
): Promise<void> {
  await trx("customer").insert(columns);
}

/** Updates the given columns of a customer. Without a column it writes nothing. */
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
