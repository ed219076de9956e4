import { field, type Tree } from "../../graph/entity.ts";
import type { ShownRate } from "./price-variant.ts";

/** The relations of a product that its tax rates need, relative to the product. */
export const rateRelations = ["tax_rates", "type.tax_rates"];

interface TaxedIn {
  readonly regionId: string | undefined;
  /** The region's default tax rate, in percent. */
  readonly regionRate: number;
}

/**
 * Returns the tax rates of a product in the context's region, in percent: its own and its type's,
 * each once, or else the region's default rate. As in Medusa, a rate attached to a product or a
 * type replaces the default.
 */
export function ratesOf(product: Tree, context: TaxedIn): ShownRate[] {
  const type = field<Tree | null>(product, "type");
  const attached = [
    ...field<ShownRate[]>(product, "tax_rates"),
    ...(type ? field<ShownRate[]>(type, "tax_rates") : []),
  ];
  const ofRegion = new Map(
    attached
      .filter((rate) => rate["region_id"] === context.regionId)
      .map((rate) => [rate["id"], rate]),
  );
  return ofRegion.size > 0
    ? [...ofRegion.values()]
    : [{ rate: context.regionRate, name: "default", code: "default" }];
}
