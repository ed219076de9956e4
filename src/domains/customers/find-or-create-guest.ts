import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";

/**
 * Returns the id of the guest with an e-mail (in lower case): the present guest, or else a new one
 * with the given id.
 */
export async function findOrCreateGuest(
  trx: Transaction,
  email: string,
  id: string,
): Promise<string> {
  // If a concurrent transaction creates the same guest, that one is used.
  const [guest] = await query<{ id: string }>(
    trx,
    sql`with existing as (
        select id from customer where email = ${email} and not has_account and deleted_at is null
      ),
      created as (
        insert into customer (id, email, has_account)
        select ${id}, ${email}, false where not exists (select from existing)
        on conflict (email, has_account) where deleted_at is null
          do update set updated_at = now()
        returning id
      )
      select id from existing union all select id from created`,
  );
  return guest!.id;
}
