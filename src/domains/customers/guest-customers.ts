import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import type { Transaction } from "../../database/use-case.ts";

/** The guest of an e-mail (in lower case): who shopped with it before without an account, or a new one; `isNew` tells which. */
export async function findOrMakeGuest(trx: Transaction, email: string): Promise<{ id: string; isNew: boolean }> {
  const known = await query<{ id: string }>(
    trx,
    sql`select id from customer where email = ${email} and not has_account and deleted_at is null`,
  );
  if (known[0]) return { id: known[0].id, isNew: false };
  const id = newId("cus");
  // Somebody else may be making the same guest at this moment: then theirs is taken.
  const [made] = await query<{ id: string }>(
    trx,
    sql`insert into customer (id, email, has_account) values (${id}, ${email}, false)
      on conflict (email, has_account) where deleted_at is null do update set updated_at = now() returning id`,
  );
  return { id: made?.id ?? id, isNew: made?.id === id };
}
