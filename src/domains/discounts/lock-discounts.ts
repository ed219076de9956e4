import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/**
 * Locks discounts, by id, and tells the triggers on them that this transaction counts their uses
 * itself. `forMedusa`: Medusa hears of the order, too, and its own count is then ignored.
 */
export async function lockDiscounts(
  trx: Knex.Transaction,
  ids: readonly string[],
  forMedusa: boolean,
): Promise<void> {
  await query(
    trx,
    sql`select set_config('nettle.counts_uses', ${forMedusa ? "told" : "on"}, true) from discount where id = any(${ids}) order by id for update`,
  );
}
