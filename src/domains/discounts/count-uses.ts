import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import { NotAllowed } from "../../errors.ts";

/**
 * Counts one use of each of these discounts, in the order of their ids.
 * @throws NotAllowed one is used up
 */
export async function countUses(
  trx: Knex.Transaction,
  discounts: readonly { readonly id: string; readonly code: string }[],
): Promise<void> {
  if (discounts.length === 0) return;
  const ids = discounts.map(({ id }) => id).toSorted();
  await query(trx, sql`select 1 from discount where id = any(${ids}) order by id for update`);
  const counted = await query<{ id: string }>(
    trx,
    sql`update discount set usage_count = usage_count + 1, updated_at = now()
      where id = any(${ids}) and (coalesce(usage_limit, 0) = 0 or usage_count < usage_limit) returning id`,
  );
  const found = new Set(counted.map(({ id }) => id));
  const usedUp = discounts.find(({ id }) => !found.has(id));
  if (usedUp) throw new NotAllowed(`Discount ${usedUp.code} has been used maximum allowed times`);
}
