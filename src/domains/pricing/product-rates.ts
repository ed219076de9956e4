import { field, type Tree } from "../../graph/entity.ts";
import type { ShownRate } from "./price-variant.ts";

/** What tax rates need of a product, below its path in the tree. */
export const rateRelations = ["tax_rates", "type.tax_rates"];

interface TaxedIn {
  readonly regionId: string | undefined;
  /** The region's default rate in percent. */
  readonly regionRate: number;
}

/**
 * The tax rates of a product in the context's region, in percent: its own and its type's, each
 * once; else the region's default rate. A rate attached to a product or a type replaces the
 * default, as in Medusa.
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
