import type { Knex } from "knex";
import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTrees } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import type { Price } from "../../money/choose-price.ts";
import { pricesOf, pricingRelations } from "../pricing/price-variant.ts";

/** A variant whose product still exists, with what a sale needs. `row` is its tree. */
export interface VariantForSale<T> {
  readonly row: T;
  readonly isPublished: boolean;
  readonly prices: readonly Price[];
  /** The sales channels that its product is sold in. */
  readonly channelIds: readonly string[];
}

const shape = shapeOf(productVariant, {
  paths: [
    "product.profiles",
    "product.tax_rates",
    "product.type.tax_rates",
    "product.sales_channels",
    ...pricingRelations,
  ],
  narrowed: new Map([["product.sales_channels", ["id"]]]),
});

/**
 * Returns the variants with these ids, by id. Deleted variants, and those of deleted products, are
 * left out; those of unpublished products are not. Runs one statement.
 */
export async function findVariantsForSale<T>(
  connection: Knex,
  ids: readonly string[],
): Promise<ReadonlyMap<string, VariantForSale<T>>> {
  const trees = await loadTrees(connection, shape, [...new Set(ids)]);
  const existing = trees.filter((tree) => tree["product"] !== null);
  return new Map(existing.map((tree) => [tree["id"] as string, forSale<T>(tree)]));
}

function forSale<T>(tree: Tree): VariantForSale<T> {
  const product = tree["product"] as Tree;
  const channels = product["sales_channels"] as Tree[];
  return {
    row: tree as T,
    isPublished: product["status"] === "published",
    prices: pricesOf(tree),
    channelIds: channels.map((channel) => channel["id"] as string),
  };
}
