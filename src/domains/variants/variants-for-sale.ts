import type { Knex } from "knex";
import { productVariant } from "../../graph/entities/catalogue-entities.ts";
import { loadTrees } from "../../graph/load-tree.ts";
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
  narrowed: { "product.sales_channels": ["id"] },
});

type VariantTree = TreeOfShape<typeof shape>;

/** A variant whose product still exists, with what a sale needs. `row` is its tree. */
export interface VariantForSale {
  readonly row: VariantTree;
  readonly isPublished: boolean;
  readonly prices: readonly Price[];
  /** The sales channels that its product is sold in. */
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
  const trees = await loadTrees(connection, shape, [...new Set(ids)]);
  const found = new Map<string, VariantForSale>();
  for (const row of trees) {
    if (!row.product) continue;
    const channelIds = row.product.sales_channels.map(({ id }) => id);
    const isPublished = row.product.status === "published";
    found.set(row.id, { row, isPublished, prices: pricesOf(row), channelIds });
  }
  return found;
}
