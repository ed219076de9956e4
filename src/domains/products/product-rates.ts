import { inner, type Tree } from "../../graph/entity.ts";
import type { ShownRate } from "../variants/price-variants.ts";
import type { CataloguePriceContext } from "./price-context.ts";

/** What tax rates need of a product, below its path in the tree. */
export const rateRelations = ["tax_rates", "type.tax_rates"];

/**
 * The tax rates of a product in the context's region, in percent: its own and its type's, each once; else the region's default rate. A
 * rate attached to a product or a type replaces the default, as in Medusa.
 */
export function ratesOf(product: Tree, context: CataloguePriceContext): ShownRate[] {
  const type = inner<Tree | null>(product, "type");
  const attached = [...inner<ShownRate[]>(product, "tax_rates"), ...(type ? inner<ShownRate[]>(type, "tax_rates") : [])];
  const ofRegion = new Map(attached.filter((rate) => rate["region_id"] === context.regionId).map((rate) => [rate["id"], rate]));
  return ofRegion.size > 0 ? [...ofRegion.values()] : [{ rate: context.regionRate, name: "default", code: "default" }];
}
