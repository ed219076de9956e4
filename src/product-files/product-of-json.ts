import { type ProductJson, productSchema, type VariantJson } from "./json-schemas.ts";
import { type Field, productFields, variantFields } from "./product-fields.ts";
import type {
  FieldValue,
  NamedInput,
  PriceInput,
  ProductInput,
  ReadProduct,
  VariantInput,
} from "./product-input.ts";

/** Returns the product of a JSON value, or why it cannot be read. `place` is where it stands. */
export function productOfJson(value: unknown, place: string): ReadProduct {
  const read = productSchema.safeParse(value);
  if (read.success) return { input: inputOf(read.data, place) };
  const handle = handleOf(value);
  return {
    refusals: read.error.issues.map(({ path, message }) => ({
      place,
      ...(handle && { handle }),
      message: path.length > 0 ? `${pathOf(path)}: ${message}` : message,
    })),
  };
}

function handleOf(value: unknown): string | undefined {
  const handle: unknown = typeof value === "object" && value && Reflect.get(value, "handle");
  return typeof handle === "string" ? handle : undefined;
}

/** Writes a path as in `variants[0].prices[1].amount`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) =>
      typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`,
    )
    .join("");
}

function inputOf(product: ProductJson, place: string): ProductInput {
  const { id, handle, type, tags, images, options, profile } = product;
  return {
    place,
    ...(id && { id }),
    handle,
    fields: fieldsIn(product, productFields),
    ...collectionOf(product),
    ...(type !== undefined && { type: type && wordOf(type, "value") }),
    ...(tags && { tags: [...new Set(tags.map((tag) => wordOf(tag, "value")))] }),
    ...(images && { images: images.map((image) => wordOf(image, "url")) }),
    ...(options && { options: options.map(({ title }) => title) }),
    ...(profile && { profile: withoutEmpty(profile) }),
    ...(product.sales_channels && { channels: product.sales_channels.map(withoutEmpty) }),
    ...(product.categories && { categories: product.categories.map(withoutEmpty) }),
    variants: (product.variants ?? []).map((variant, index) =>
      variantOf(variant, product, `${place}, variant ${index + 1}`),
    ),
  };
}

function collectionOf({ collection }: ProductJson): Pick<ProductInput, "collection"> {
  if (collection === undefined) return {};
  const parts: { handle?: string; title?: string } | null = collection && withoutEmpty(collection);
  return { collection: parts && (parts.handle ?? parts.title) ? parts : null };
}

function wordOf<K extends string>(value: string | Readonly<Record<K, string>>, key: K): string {
  return typeof value === "string" ? value : value[key];
}

/** Leaves out what is null, empty or undefined. */
function withoutEmpty(parts: Readonly<Record<string, string | null | undefined>>): NamedInput {
  return Object.fromEntries(
    Object.entries(parts).filter(([, part]) => part !== null && part !== undefined && part !== ""),
  );
}

function fieldsIn(
  from: object,
  fields: Readonly<Record<string, Field>>,
): Record<string, FieldValue> {
  const values = Object.keys(fields).map((name) => [name, Reflect.get(from, name)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function variantOf(variant: VariantJson, product: ProductJson, place: string): VariantInput {
  return {
    place,
    ...(variant.id && { id: variant.id }),
    fields: fieldsIn(variant, variantFields),
    options: optionsOf(variant, product),
    prices: pricesOf(variant),
    allPrices: variant.prices !== undefined,
  };
}

/** A value belongs to the option that it names, or whose id it has, or that has its position. */
function optionsOf({ options = [] }: VariantJson, product: ProductJson): Record<string, string> {
  const all = product.options ?? [];
  return Object.fromEntries(
    options.map((each, index) => {
      const byId = "option_id" in each ? all.find(({ id }) => id && id === each.option_id) : null;
      const title = ("title" in each && each.title) || (byId ?? all[index])?.title;
      return [title ?? `number ${index + 1}`, each.value];
    }),
  );
}

/** Prices of price lists, and from a quantity on, are not a variant's own. */
function pricesOf({ prices = [] }: VariantJson): PriceInput[] {
  return prices.flatMap((price, index) => {
    const { price_list_id, min_quantity, max_quantity } = price;
    if (price_list_id ?? min_quantity ?? max_quantity) return [];
    const id = price.region_id ?? price.region?.id;
    const name = price.region?.name ?? price.region_name;
    return [
      {
        ...(price.currency_code && { currency: price.currency_code.toLowerCase() }),
        ...((id ?? name) && { region: { ...(id && { id }), ...(name && { name }) } }),
        amount: price.amount,
        label: `prices[${index}]`,
      },
    ];
  });
}
