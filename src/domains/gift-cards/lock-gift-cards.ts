import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/** Locks gift cards, by id, so that what is read afterwards stays as it is. */
export async function lockGiftCards(trx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await query(trx, sql`select 1 from gift_card where id = any(${ids}) order by id for update`);
}
