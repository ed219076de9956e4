import type { Knex } from "knex";
import { findCoveredProducts } from "./discount-queries.ts";

interface Attached {
  readonly rule_id: string | null;
  readonly rule: { readonly type: string };
}

/**
 * Which products the discount that counts, of those on a cart, is for; asks the database only if
 * there is one and something to take it off.
 */
export async function findCoverage(
  connection: Knex,
  discounts: readonly Attached[],
  productIds: readonly string[],
): Promise<(productId: string) => boolean> {
  const activeDiscount = discounts.find(({ rule }) => rule.type !== "free_shipping");
  if (!activeDiscount || productIds.length === 0) return () => false;
  const covered = await findCoveredProducts(connection, activeDiscount.rule_id, productIds);
  return (productId) => covered.has(productId);
}
