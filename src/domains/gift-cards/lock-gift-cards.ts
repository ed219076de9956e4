import type { Transaction } from "../../commands/transaction.ts";
import { execute, sql } from "../../database/sql.ts";

/** Locks gift cards, in the order of their ids. The statement is sent ahead. */
export function lockGiftCards(trx: Transaction, ids: readonly string[]): void {
  if (ids.length === 0) return;
  execute(trx, sql`select 1 from gift_card where id = any(${ids}) order by id for no key update`);
}
