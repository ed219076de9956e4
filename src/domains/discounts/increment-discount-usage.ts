import type { Transaction } from "../../commands/transaction.ts";
import { NotAllowedError } from "../../core/errors.ts";
import { executeRequired, required, sql } from "../../database/sql.ts";
import { lockDiscounts } from "./lock-discounts.ts";

/**
 * Counts one use of each discount, in the order of their ids, and the uses by Medusa's orders that
 * were not counted yet. Must run before the order is written: whatever else the transaction writes
 * about discounts then counts as counted. `forMedusa`: a Medusa backend will receive the order's
 * event and count the use once more. Sent ahead: where a discount is used up, the transaction fails
 * with NotAllowedError.
 */
export function incrementDiscountUsage(
  trx: Transaction,
  discounts: readonly { readonly id: string; readonly code: string }[],
  forMedusa: boolean,
): void {
  if (discounts.length === 0) return;
  const ids = discounts.map(({ id }) => id).toSorted();
  lockDiscounts(trx, ids, forMedusa);
  executeRequired(
    trx,
    sql`with recorded as (
        update nettle_discount_use set is_counted = true
        where discount_id = any(${ids}) and not is_counted returning discount_id
      ),
      uses as (
        select id, 1 + (select count(*) from recorded where discount_id = id) as number
        from unnest(${ids}::text[]) as id
      ),
      counted as (
        update discount set usage_count = usage_count + uses.number, updated_at = now()
        from uses where discount.id = uses.id
          and (coalesce(usage_limit, 0) = 0 or usage_count + uses.number <= usage_limit)
        returning discount.id
      ),
      used_up as (
        select json_agg(id) as ids from unnest(${ids}::text[]) as id
        where id not in (select id from counted)
      )
      select ${required(sql`ids is null`, sql`ids::text`)} from used_up`,
    (details) => {
      const usedUp = JSON.parse(details) as string[];
      const code = discounts.find(({ id }) => usedUp.includes(id))?.code;
      return new NotAllowedError(`Discount ${code} has been used maximum allowed times`);
    },
  );
}
