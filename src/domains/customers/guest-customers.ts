import { query, sql } from "../../database/sql.ts";
import type { Transaction } from "../../database/use-case.ts";

/** The id of an e-mail's guest (in lower case): who shopped with it before without an account, else a new one, who gets the id that is given. */
export async function findOrMakeGuest(trx: Transaction, email: string, id: string): Promise<string> {
  const known = await query<{ id: string }>(
    trx,
    sql`select id from customer where email = ${email} and not has_account and deleted_at is null`,
  );
  if (known[0]) return known[0].id;
  // Somebody else may be making the same guest at this moment: then theirs is taken.
  const [made] = await query<{ id: string }>(
    trx,
    sql`insert into customer (id, email, has_account) values (${id}, ${email}, false)
      on conflict (email, has_account) where deleted_at is null do update set updated_at = now() returning id`,
  );
  return made?.id ?? id;
}
