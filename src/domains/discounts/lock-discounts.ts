import type { Transaction } from "../../commands/transaction.ts";
import { execute, sql } from "../../database/sql.ts";

/**
 * Locks discounts, in the order of their ids. Sets, for the triggers on them, that this transaction
 * counts their uses itself. `forMedusa`: a Medusa backend will receive the order's event and count
 * the use once more. The statement is sent ahead.
 */
export function lockDiscounts(trx: Transaction, ids: readonly string[], forMedusa: boolean): void {
  execute(
    trx,
    sql`select set_config('nettle.counts_uses', ${forMedusa ? "told" : "on"}, true)
      from discount where id = any(${ids}) order by id for no key update`,
  );
}
