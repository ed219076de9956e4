import type { Knex } from "knex";
import type { Price } from "../../money/choose-price.ts";
import { findCoverage } from "../discounts/find-coverage.ts";
import { findVariantsForSale } from "../variants/variants-for-sale.ts";
import type { Cart } from "./cart-tree.ts";

/**
 * Returns which products of a cart the active discount applies to, as the recalculation needs it.
 */
export function findDiscountCoverage(
  trx: Knex.Transaction,
  cart: Cart,
): Promise<(productId: string) => boolean> {
  const products = cart.items.flatMap(({ variant }) => (variant ? [variant.product_id] : []));
  return findCoverage(trx, cart.discounts, [...new Set(products)]);
}

/**
 * Returns the present prices of all lines that have a variant, by line id. A returned line is
 * omitted: it keeps the price that it was sold at.
 */
export async function findLinePrices(
  trx: Knex.Transaction,
  cart: Cart,
): Promise<ReadonlyMap<string, readonly Price[]>> {
  const lines = cart.items.filter((line) => line.variant_id !== null && !line.is_return);
  const variants = await findVariantsForSale(
    trx,
    lines.map((line) => line.variant_id!),
  );
  return new Map(lines.map((line) => [line.id, variants.get(line.variant_id!)?.prices ?? []]));
}
