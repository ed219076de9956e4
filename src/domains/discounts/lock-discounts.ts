import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/**
 * Locks discounts, in the order of their ids. Sets, for the triggers on them, that this transaction
 * counts their uses itself. `forMedusa`: a Medusa backend will receive the order's event and count
 * the use once more.
 */
export async function lockDiscounts(
  trx: Knex.Transaction,
  ids: readonly string[],
  forMedusa: boolean,
): Promise<void> {
  await query(
    trx,
    sql`select set_config('nettle.counts_uses', ${forMedusa ? "told" : "on"}, true)
      from discount where id = any(${ids}) order by id for update`,
  );
}
