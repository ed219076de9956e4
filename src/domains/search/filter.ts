/** A parsed filter: a tree of comparisons. Amounts are in the currency's smallest unit. */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly attribute: string; readonly oneOf: readonly string[] }
  | { readonly attribute: string; readonly exists: true }
  | { readonly currency: string; readonly comparison: Comparison; readonly amount: number };

/** How a product's lowest price is compared with an amount. */
export type Comparison = "=" | ">" | ">=" | "<" | "<=";

/** The attributes that products can be filtered and counted by. */
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
 * Further attributes to filter by. They are not counted, since nearly every product has its own
 * values.
 */
const filterNames: readonly string[] = [...facetNames, "id", "handle", "variant_sku"];

/** Other names of attributes, as they appear in the answer's documents. */
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

/**
 * Returns the canonical name of an attribute, or undefined if products cannot be filtered by it.
 */
export function filterName(attribute: string): string | undefined {
  const name = Object.hasOwn(aliases, attribute) ? aliases[attribute]! : attribute;
  return filterNames.includes(name) ? name : undefined;
}

/** Returns the canonical name of an attribute, or undefined if its values are not counted. */
export function facetName(attribute: string): string | undefined {
  const name = filterName(attribute);
  return facetNames.find((facet) => facet === name);
}

/**
 * Returns the currency of an attribute such as `prices.eur`, or undefined for any other attribute.
 */
export function priceCurrency(attribute: string): string | undefined {
  return /^prices\.([A-Za-z]{3})$/.exec(attribute)?.[1]?.toLowerCase();
}

/** The attributes to filter by, as a list for people. */
export const filterable = [...filterNames, "prices.<currency>"].join(", ");
