import { product } from "../../graph/entities/catalogue-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";

/** A document's product, with the relations that Medusa's MeiliSearch plugin stores. */
export const foundProduct = shapeOf(product, {
  paths: [
    "variants.prices",
    "variants.options",
    "options",
    "images",
    "tags",
    "collection",
    "type",
    "categories",
  ],
  needed: [
    "tax_rates",
    "type.tax_rates",
    "variants.prices.currency",
    "variants.prices.region",
    "variants.prices.price_list.customer_groups",
  ],
});

export type FoundProduct = TreeOfShape<typeof foundProduct>;

/** The columns of variants that a document also lists by themselves: `variant_sku` and so on. */
export const variantLists = ["sku", "title", "upc", "ean", "mid_code", "hs_code"] as const;

/**
 * Returns a product as search engines of Medusa shops store it: facts about its type, collection,
 * tags, categories and variants are repeated as plain values and lists. `variant_options` is always
 * empty there; the values are in `variant_options_value`.
 */
export function searchHit(product: FoundProduct, pricedVariants: readonly Tree[]): Tree {
  const { variants, collection, type } = product;
  return {
    ...product,
    variants: pricedVariants,
    type_value: type?.value ?? null,
    collection_title: collection?.title ?? null,
    collection_handle: collection?.handle ?? null,
    tags_value: product.tags.map(({ value }) => value),
    categories: product.categories.map(({ name }) => name),
    ...Object.fromEntries(
      variantLists.map((name) => [
        `variant_${name}`,
        variants.map((variant) => variant[name]).filter(Boolean),
      ]),
    ),
    variant_options: [],
    variant_options_value: variants.flatMap(({ options }) => options.map(({ value }) => value)),
  };
}
