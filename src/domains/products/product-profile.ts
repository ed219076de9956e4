import type { Tree } from "../../graph/entity.ts";

/**
 * Adds `profile` and `profile_id`, the shipping profile that applies, to a product that was loaded
 * with its shipping profiles, as Medusa's rows have them.
 */
export function addProfile(product: Tree): void {
  const profiles = product["profiles"] as Tree[] | undefined;
  if (!profiles) return;
  product["profile"] = profiles.at(-1);
  product["profile_id"] = profiles.at(-1)?.["id"];
}
