import type { Knex } from "knex";
import { NotAllowedError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import { lockDiscounts } from "./lock-discounts.ts";

/**
 * Counts one use of each discount, in the order of their ids, and the uses by Medusa's orders that
 * were not counted yet. Must run before the order is written: whatever else the transaction writes
 * about discounts then counts as counted. `forMedusa`: a Medusa backend will receive the order's
 * event and count the use once more.
 * @throws NotAllowedError if a discount is used up
 */
export async function incrementDiscountUsage(
  trx: Knex.Transaction,
  discounts: readonly { readonly id: string; readonly code: string }[],
  forMedusa: boolean,
): Promise<void> {
  if (discounts.length === 0) return;
  const ids = discounts.map(({ id }) => id).toSorted();
  await lockDiscounts(trx, ids, forMedusa);
  const counted = await query<{ id: string }>(
    trx,
    sql`with recorded as (
        update nettle_discount_use set is_counted = true
        where discount_id = any(${ids}) and not is_counted returning discount_id
      ),
      uses as (
        select id, 1 + (select count(*) from recorded where discount_id = id) as number
        from unnest(${ids}::text[]) as id
      )
      update discount set usage_count = usage_count + uses.number, updated_at = now()
      from uses where discount.id = uses.id
        and (coalesce(usage_limit, 0) = 0 or usage_count + uses.number <= usage_limit)
      returning discount.id`,
  );
  const countedIds = new Set(counted.map(({ id }) => id));
  const usedUp = discounts.find(({ id }) => !countedIds.has(id));
  if (usedUp)
    throw new NotAllowedError(`Discount ${usedUp.code} has been used maximum allowed times`);
}
