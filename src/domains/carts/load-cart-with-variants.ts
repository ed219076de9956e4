import type { Knex } from "knex";
import { findVariantsOfCart } from "../variants/variants-for-sale.ts";
import { type Cart, loadCartWithoutVariants, withVariants } from "./cart-tree.ts";
import type { PricedVariants } from "./load-pricing.ts";

/** A cart, and the variants that it may be priced by. */
export interface CartWithVariants {
  readonly cart: Cart;
  /** Of its lines, and those that were asked for. */
  readonly variants: PricedVariants;
}

/**
 * Loads a cart with its whole tree, and the variants of its lines and of `variantIds` with their
 * prices. Two statements that are sent at once; each variant is read once.
 * @throws NotFoundError if the cart does not exist
 */
export async function loadCartWithVariants(
  connection: Knex,
  id: string,
  variantIds: readonly string[] = [],
): Promise<CartWithVariants> {
  const [loaded, found] = await Promise.all([
    loadCartWithoutVariants(connection, id),
    findVariantsOfCart(connection, id, variantIds),
  ]);
  return { cart: withVariants(loaded, found.rows), variants: found.forSale };
}
