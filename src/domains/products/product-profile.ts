import type { Tree } from "../../graph/entity.ts";

/**
 * Returns a cart or an order in which each product that was loaded with its shipping profiles also
 * has the profile that applies, as `profile` and `profile_id`, as Medusa's rows have them.
 */
export function withProfiles(cartOrOrder: Tree): Tree {
  const { items } = cartOrOrder;
  return Array.isArray(items) ? { ...cartOrOrder, items: items.map(withProfile) } : cartOrOrder;
}

function withProfile(line: Tree): Tree {
  const { variant } = line;
  if (!isRow(variant) || !isRow(variant.product)) return line;
  const { product } = variant;
  if (!Array.isArray(product.profiles)) return line;
  const profile: Tree | undefined = product.profiles.at(-1);
  return {
    ...line,
    variant: { ...variant, product: { ...product, profile, profile_id: profile?.id } },
  };
}

function isRow(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}
