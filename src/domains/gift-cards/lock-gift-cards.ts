import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/**
 * Locks gift cards, in the order of their ids, so that what is read of them afterwards stays valid
 * until the transaction ends.
 */
export async function lockGiftCards(trx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await query(trx, sql`select 1 from gift_card where id = any(${ids}) order by id for update`);
}
