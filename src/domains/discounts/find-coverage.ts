import type { Knex } from "knex";
import { findCoveredProducts } from "./discount-queries.ts";

/** A discount of a cart. */
interface CartDiscount {
  readonly rule_id: string | null;
  readonly rule: { readonly type: string };
}

/**
 * Returns a predicate which tells whether a product is covered by the active discount of a cart.
 * Queries the database only if there is an active discount and a product.
 */
export async function findCoverage(
  connection: Knex,
  discounts: readonly CartDiscount[],
  productIds: readonly string[],
): Promise<(productId: string) => boolean> {
  const activeDiscount = discounts.find(({ rule }) => rule.type !== "free_shipping");
  if (!activeDiscount || productIds.length === 0) return () => false;
  const covered = await findCoveredProducts(connection, activeDiscount.rule_id, productIds);
  return (productId) => covered.has(productId);
}
