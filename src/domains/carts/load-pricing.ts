import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { Price } from "../../money/choose-price.ts";
import { type DiscountConditions, findConditions } from "../discounts/discount-queries.ts";
import { isUsable } from "../discounts/discount-rules.ts";
import { findVariantsForSale, type VariantForSale } from "../variants/variants-for-sale.ts";
import { hasPriceSetByHand } from "./cart-rules.ts";
import type { Cart, CartCustomer, Line } from "./cart-tree.ts";

/** Variants with their prices, by id. */
export type PricedVariants = ReadonlyMap<string, VariantForSale>;

/** Returns whether a recalculation prices a line. `added` names the lines that a change adds. */
export function isPricedAgain(cart: Cart, line: Line, added: ReadonlySet<string>): boolean {
  if (line.is_return || line.variant_id === null) return false;
  return added.has(line.id) || !hasPriceSetByHand(cart, line);
}

/**
 * Returns the variants of those lines that a recalculation prices, with the variants of these ids.
 */
export function findPricedVariants(
  trx: Knex.Transaction,
  cart: Cart,
  variantIds: readonly string[] = [],
): Promise<PricedVariants> {
  const priced = cart.items.filter((line) => isPricedAgain(cart, line, new Set()));
  return findVariantsForSale(trx, [...variantIds, ...priced.map((line) => line.variant_id!)]);
}

/**
 * Returns the present prices of the lines that a recalculation prices, by line id. A line whose
 * variant is gone has none.
 */
export function linePrices(
  cart: Cart,
  variants: PricedVariants,
  added: ReadonlySet<string>,
): ReadonlyMap<string, readonly Price[]> {
  const lines = cart.items.filter((line) => isPricedAgain(cart, line, added));
  return new Map(lines.map((line) => [line.id, variants.get(line.variant_id!)?.prices ?? []]));
}

/** A cart whose discounts were checked. */
interface CheckedCart {
  readonly cart: Cart;
  /** Tells which products the active discount applies to. */
  readonly covered: (productId: string) => boolean;
}

/**
 * Returns the cart with those of its discounts that could be added to it now. The discounts of a
 * draft order stay: the shop granted them itself.
 */
export async function withUsableDiscounts(
  trx: Knex.Transaction,
  cart: Cart,
  buyer: CartCustomer | null,
  now: Date,
): Promise<CheckedCart> {
  const conditions = await findDiscountConditions(trx, cart, buyer);
  const discounts = cart.discounts.filter((discount) => {
    const found = conditions.get(discount.id);
    return found && (cart.type === "draft_order" || isUsable({ ...discount, ...found }, cart, now));
  });
  const active = discounts.find(({ rule }) => rule.type !== "free_shipping");
  const coveredIds = active && conditions.get(active.id)?.coveredIds;
  return {
    cart: { ...cart, discounts },
    covered: (productId) => coveredIds?.has(productId) === true,
  };
}

/**
 * Returns the ids of the discounts that a swap's cart has from its order; none for any other cart.
 */
export async function findGrantedDiscounts(
  connection: Knex,
  { type, metadata, discounts }: Pick<Cart, "type" | "metadata" | "discounts">,
): Promise<ReadonlySet<string>> {
  if (type !== "swap" || discounts.length === 0) return new Set();
  const rows = await query<{ id: string }>(
    connection,
    sql`select discount_id as id from order_discounts
      where order_id = ${String(Object(metadata)["parent_order_id"])}`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Returns the conditions of a cart's discounts, by the ids of the discounts. */
export function findDiscountConditions(
  connection: Knex,
  { discounts, items }: Pick<Cart, "discounts" | "items">,
  buyer: CartCustomer | null,
): Promise<ReadonlyMap<string, DiscountConditions>> {
  const products = items.flatMap(({ variant }) => (variant ? [variant.product_id] : []));
  const ids = discounts.map(({ id }) => id);
  return findConditions(connection, ids, buyer?.id ?? null, [...new Set(products)]);
}
