import { field, type Tree } from "../../graph/entity.ts";

/** The columns of variants that a document lists by themselves: `variant_sku`, … */
export const variantLists = ["sku", "title", "upc", "ean", "mid_code", "hs_code"] as const;

/**
 * A product as search engines of Medusa shops keep it: what is known of its type, collection, tags,
 * categories and variants also stands beside it, as plain values and lists of them.
 * `variant_options` is always empty there; the values are in `variant_options_value`.
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
