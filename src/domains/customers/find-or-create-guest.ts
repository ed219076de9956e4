import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";

/**
 * The id of an e-mail's guest (in lower case): who shopped with it before without an account, else
 * a new one, who gets the id that is given.
 */
export async function findOrCreateGuest(
  trx: Transaction,
  email: string,
  id: string,
): Promise<string> {
  // Somebody else may be making the same guest at this moment: then theirs is taken.
  const [guest] = await query<{ id: string }>(
    trx,
    sql`with known as (select id from customer where email = ${email} and not has_account and deleted_at is null),
      made as (
        insert into customer (id, email, has_account) select ${id}, ${email}, false where not exists (select from known)
        on conflict (email, has_account) where deleted_at is null do update set updated_at = now() returning id
      )
      select id from known union all select id from made`,
  );
  return guest!.id;
}
