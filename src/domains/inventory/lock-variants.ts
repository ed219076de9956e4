import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";

/** Locks the rows of variants, in the order of their ids. */
export async function lockVariants(trx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  await query(
    trx,
    sql`select 1 from product_variant where id = any(${ids}) order by id for update`,
  );
}
