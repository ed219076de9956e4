import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";

/** A locked customer. */
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
 * Locks a customer.
 * @throws NotFoundError
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
