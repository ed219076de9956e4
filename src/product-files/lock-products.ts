import { execute, query, raw, sql } from "../database/sql.ts";
import type { Transaction } from "../database/transaction.ts";
import { tryLockVariants } from "../domains/inventory/lock-variants.ts";
import type { StoredProduct } from "./stored-products.ts";

/**
 * Lets one import at a time write. Afterwards the transaction waits for others only briefly: less
 * than PostgreSQL takes to look for a deadlock. Its statements are planned each time, since a plan
 * that was made for an empty table would be used for the full one.
 */
export async function lockImport(trx: Transaction): Promise<void> {
  execute(trx, sql`select pg_advisory_xact_lock(hashtextextended('nettle import', 0))`);
  execute(trx, sql`set local plan_cache_mode = force_custom_plan`);
  await query(trx, sql`set local lock_timeout = '100ms'`);
}

/**
 * From here on plans are kept: PostgreSQL would plan the check of each foreign key of each row,
 * which takes longer than the row. They work by indexes, so that they suit a table of any size.
 */
export function keepPlans(trx: Transaction): void {
  execute(trx, sql`set local plan_cache_mode = force_generic_plan`);
  for (const way of ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"])
    execute(trx, sql`set local ${raw(way)} = off`);
}

/**
 * Locks products with their variants and prices. It waits for none, so that an import never keeps
 * another program waiting that it waits for. Returns the ids of the rows that it could lock.
 */
export async function lockProducts(
  trx: Transaction,
  products: readonly StoredProduct[],
): Promise<ReadonlySet<string>> {
  const variants = products.flatMap((product) => product.variants);
  const priceIds = variants.flatMap(({ prices }) => prices.map(({ id }) => id));
  const locked = await query<{ id: string }>(
    trx,
    sql`select id from product where id = any(${products.map(({ id }) => id)}) order by id
      for no key update skip locked`,
  );
  const lockedVariants = await tryLockVariants(
    trx,
    variants.map(({ id }) => id),
  );
  const lockedPrices = await query<{ id: string }>(
    trx,
    sql`select id from money_amount where id = any(${priceIds}) order by id
      for no key update skip locked`,
  );
  const ids = [...locked, ...lockedPrices].map(({ id }) => id);
  return new Set([...ids, ...lockedVariants]);
}

/** Returns whether a product is locked with all its variants and prices. */
export function isLocked({ id, variants }: StoredProduct, locked: ReadonlySet<string>): boolean {
  return (
    locked.has(id) &&
    variants.every((each) => locked.has(each.id) && each.prices.every(({ id }) => locked.has(id)))
  );
}
