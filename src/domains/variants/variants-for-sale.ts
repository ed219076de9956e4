import type { Knex } from "knex";
import { sql } from "../../database/sql.ts";
import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import { loadFoundTrees, loadTrees } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import type { Price } from "../../money/choose-price.ts";
import { pricesOf } from "../pricing/price-variant.ts";

const shape = shapeOf(productVariant, {
  paths: [
    "product.profiles",
    "product.tax_rates",
    "product.type.tax_rates",
    "product.sales_channels",
    "prices.currency",
    "prices.region",
    "prices.price_list.customer_groups",
  ],
  narrowed: { "product.sales_channels": ["id", "is_disabled"] },
});

type VariantTree = TreeOfShape<typeof shape>;

/** A variant whose product still exists, with what a sale needs. `row` is its tree. */
export interface VariantForSale {
  readonly row: VariantTree;
  readonly isPublished: boolean;
  readonly prices: readonly Price[];
  /** The sales channels that its product is sold in, without those that are disabled. */
  readonly channelIds: readonly string[];
}

/**
 * Returns the variants with these ids, by id. Deleted variants, and those of deleted products, are
 * left out; those of unpublished products are not. Runs one statement.
 */
export async function findVariantsForSale(
  connection: Knex,
  ids: readonly string[],
): Promise<ReadonlyMap<string, VariantForSale>> {
  return forSale(await loadTrees(connection, shape, [...new Set(ids)]));
}

/** Variants by id: all that exist, and those of them that `findVariantsForSale` returns. */
interface FoundVariants {
  readonly rows: ReadonlyMap<string, VariantTree>;
  readonly forSale: ReadonlyMap<string, VariantForSale>;
}

/**
 * Returns the variants of a cart's lines, and the variants with these ids, so that they can be read
 * together with the cart. Runs one statement.
 */
export async function findVariantsOfCart(
  connection: Knex,
  cartId: string,
  ids: readonly string[],
): Promise<FoundVariants> {
  const roots = sql`select ${[...ids]}::text[] || array(select variant_id::text from line_item
    where cart_id = ${cartId} and variant_id is not null)`;
  const trees = await loadFoundTrees(connection, shape, roots);
  return { rows: new Map(trees.map((row) => [row.id, row])), forSale: forSale(trees) };
}

function forSale(trees: readonly VariantTree[]): ReadonlyMap<string, VariantForSale> {
  const found = new Map<string, VariantForSale>();
  for (const row of trees) {
    if (!row.product) continue;
    const channelIds = row.product.sales_channels
      .filter(({ is_disabled }) => !is_disabled)
      .map(({ id }) => id);
    const isPublished = row.product.status === "published";
    found.set(row.id, { row, isPublished, prices: pricesOf(row), channelIds });
  }
  return found;
}
