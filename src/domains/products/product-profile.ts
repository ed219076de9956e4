import type { Tree } from "../../graph/entity.ts";

/**
 * A cart or an order with the shipping profile that counts, `profile` and `profile_id`, on each
 * product of its lines that was loaded with its profiles, as Medusa's rows have them.
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
