import { field, type Tree } from "../../graph/entity.ts";

/** The columns of variants that a document also lists by themselves: `variant_sku` and so on. */
export const variantLists = ["sku", "title", "upc", "ean", "mid_code", "hs_code"] as const;

/**
 * Returns a product as search engines of Medusa shops store it: facts about its type, collection,
 * tags, categories and variants are repeated as plain values and lists. `variant_options` is always
 * empty there; the values are in `variant_options_value`.
 */
export function searchHit(product: Tree): Tree {
  const variants = field<Tree[]>(product, "variants");
  const collection = field<Tree | null>(product, "collection");
  const type = field<Tree | null>(product, "type");
  const options = variants.flatMap((variant) => field<Tree[]>(variant, "options"));
  return {
    ...product,
    type_value: type?.["value"] ?? null,
    collection_title: collection?.["title"] ?? null,
    collection_handle: collection?.["handle"] ?? null,
    tags_value: field<Tree[]>(product, "tags").map((tag) => tag["value"]),
    categories: field<Tree[]>(product, "categories").map((category) => category["name"]),
    ...Object.fromEntries(
      variantLists.map((name) => [
        `variant_${name}`,
        variants.map((variant) => variant[name]).filter(Boolean),
      ]),
    ),
    variant_options: [],
    variant_options_value: options.map((option) => option["value"]),
  };
}
