import type { Transaction } from "../../commands/transaction.ts";
import { execute, query, sql } from "../../database/sql.ts";

/**
 * Locks the rows of variants, in the order of their ids. The statement is sent ahead. Lines that
 * refer to the variants can be inserted meanwhile.
 */
export function lockVariants(trx: Transaction, ids: readonly string[]): void {
  execute(
    trx,
    sql`select 1 from product_variant where id = any(${ids}) order by id for no key update`,
  );
}

/** Locks the rows of variants that nobody else has locked, and returns their ids. */
export async function tryLockVariants(
  trx: Transaction,
  ids: readonly string[],
): Promise<readonly string[]> {
  const locked = await query<{ id: string }>(
    trx,
    sql`select id from product_variant where id = any(${ids}) order by id
      for no key update skip locked`,
  );
  return locked.map(({ id }) => id);
}
