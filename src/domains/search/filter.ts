/** A filter as it is understood: a tree of comparisons. */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly attribute: string; readonly oneOf: readonly string[] }
  | { readonly attribute: string; readonly exists: true }
  | { readonly currency: string; readonly comparison: Comparison; readonly amount: number };

/** How a lowest price is compared with an amount. */
export type Comparison = "=" | ">" | ">=" | "<" | "<=";

/** What products can be filtered by and counted by. */
export const facetNames = [
  "collection_id",
  "collection_title",
  "collection_handle",
  "type_id",
  "type_value",
  "tags",
  "tags_value",
  "category_id",
  "categories",
  "variant_title",
  "variant_options_value",
  "is_giftcard",
] as const;

/**
 * What they can be filtered by beside these; nearly every product has values of its own there, so
 * they are not counted.
 */
const filterNames: readonly string[] = [...facetNames, "id", "handle", "variant_sku"];

/** Other names of the same, as they stand in the answer's documents. */
const aliases: Readonly<Record<string, string>> = {
  "collection.id": "collection_id",
  "collection.title": "collection_title",
  "collection.handle": "collection_handle",
  "type.id": "type_id",
  "type.value": "type_value",
  "tags.id": "tags",
  "tags.value": "tags_value",
  "categories.id": "category_id",
  "categories.name": "categories",
  "variants.sku": "variant_sku",
  "variants.title": "variant_title",
  "variants.options.value": "variant_options_value",
};

/** The one name of an attribute, or undefined when products cannot be filtered by it. */
export function filterName(attribute: string): string | undefined {
  const name = Object.hasOwn(aliases, attribute) ? aliases[attribute]! : attribute;
  return filterNames.includes(name) ? name : undefined;
}

/** The one name of an attribute, or undefined when its values are not counted. */
export function facetName(attribute: string): string | undefined {
  const name = filterName(attribute);
  return facetNames.find((facet) => facet === name);
}

/** The currency of `prices.eur`, or undefined for every other attribute. */
export function priceCurrency(attribute: string): string | undefined {
  return /^prices\.([A-Za-z]{3})$/.exec(attribute)?.[1]?.toLowerCase();
}

/** What products can be filtered by, for people. */
export const filterable = [...filterNames, "prices.<currency>"].join(", ");
