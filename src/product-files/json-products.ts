import { productFields, variantFields } from "./product-fields.ts";
import type { StoredProduct, StoredVariant } from "./stored-products.ts";

/** Returns a product as a file has it: in the shape of Medusa's API, without times. */
export function jsonProduct(product: StoredProduct, withIds: boolean): Record<string, unknown> {
  const { columns, collection, type, profiles } = product;
  const [profile] = profiles;
  return {
    ...(withIds && { id: product.id }),
    handle: product.handle,
    ...pick(columns, Object.keys(productFields)),
    collection: collection && { handle: collection.handle, title: collection.title },
    type: type && { value: type.value },
    tags: product.tags.map(({ value }) => ({ value })),
    images: product.images.map(({ url }) => ({ url })),
    options: product.options.map(({ title }) => ({ title })),
    sales_channels: product.channels.map(({ name, description }) => ({ name, description })),
    categories: product.categories.map(({ handle, name, description }) => ({
      ...{ handle, name, description },
    })),
    ...(profile && { profile: { name: profile.name, type: profile.type } }),
    variants: product.variants.map((variant) => jsonVariant(product, variant, withIds)),
  };
}

function jsonVariant({ options }: StoredProduct, variant: StoredVariant, withIds: boolean) {
  return {
    ...(withIds && { id: variant.id }),
    ...pick(variant.columns, Object.keys(variantFields)),
    options: options.flatMap(({ id, title }) => {
      const value = variant.options.find(({ option_id }) => option_id === id)?.value;
      return value === undefined ? [] : [{ title, value }];
    }),
    prices: variant.prices.map(({ currency_code, amount, region_id, region_name }) => ({
      ...{ currency_code, amount },
      ...(region_id && withIds && { region_id }),
      ...(region_id && { region_name }),
    })),
  };
}

const pick = (columns: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, columns[name] ?? null]));
