import { execute, query, raw, sql } from "../database/sql.ts";
import type { Transaction } from "../database/transaction.ts";
import { tryLockVariants } from "../domains/inventory/lock-variants.ts";
import type { StoredProduct } from "./stored-products.ts";

/** Another program changes the product at this moment. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/**
 * Lets one import at a time write. Afterwards the transaction waits for others only briefly: less
 * than PostgreSQL takes to look for a deadlock. It reads by indexes only: a plan that was made for
 * an empty table would read it whole while the import fills it.
 */
export async function lockImport(trx: Transaction): Promise<void> {
  execute(trx, sql`select pg_advisory_xact_lock(hashtextextended('nettle import', 0))`);
  for (const plan of ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"])
    execute(trx, sql`set local ${raw(plan)} = off`);
  await query(trx, sql`set local lock_timeout = '500ms'`);
}

/**
 * Locks products with their variants and prices. It waits for none, so that an import never keeps
 * another program waiting that it waits for.
 * @throws BusyError if one of these rows is locked
 */
export async function lockProducts(
  trx: Transaction,
  products: readonly StoredProduct[],
): Promise<void> {
  const ids = products.map(({ id }) => id);
  const variants = products.flatMap((product) => product.variants);
  const priceIds = variants.flatMap(({ prices }) => prices.map(({ id }) => id));
  const locked = await query(
    trx,
    sql`select 1 from product where id = any(${ids}) order by id for no key update skip locked`,
  );
  const variantIds = variants.map(({ id }) => id);
  const lockedVariants = await tryLockVariants(trx, variantIds);
  const lockedPrices = await query(
    trx,
    sql`select 1 from money_amount where id = any(${priceIds}) order by id
      for no key update skip locked`,
  );
  const missing =
    locked.length < ids.length ||
    lockedVariants < variantIds.length ||
    lockedPrices.length < priceIds.length;
  if (missing) throw new BusyError("Another program changes the product; import it again.");
}
