import { columnsOf } from "../../graph/columns.ts";
import { taxRate } from "../../graph/entities/region-entities.ts";

/** The columns of a product that its tax rates need, by relation path. Answers show all of them. */
export const rateColumns = {
  tax_rates: columnsOf(taxRate),
  "type.tax_rates": columnsOf(taxRate),
} as const;

/** A tax rate as tax lines show it, in percent. */
export interface Rate {
  readonly rate: number;
  readonly name: string;
  readonly code: string | null;
}

interface TaxedIn {
  readonly regionId: string | undefined;
  /** The region's default tax rate, in percent. */
  readonly regionRate: number;
}

/** A tax rate that is attached to a product or a type, in one region. */
export interface AttachedRate {
  readonly id: string;
  readonly region_id: string;
}

/** The relations of a product that decide its tax rates. */
export interface TaxedProduct<R> {
  readonly tax_rates: readonly R[];
  readonly type: { readonly tax_rates: readonly R[] } | null;
}

/** The region's default rate, in percent. */
interface DefaultRate {
  readonly rate: number;
  readonly name: "default";
  readonly code: "default";
}

/**
 * Returns the tax rates of a product in the context's region, in percent: its own and its type's,
 * each once, or else the region's default rate. As in Medusa, a rate attached to a product or a
 * type replaces the default.
 */
export function ratesOf<R extends AttachedRate>(
  product: TaxedProduct<R>,
  context: TaxedIn,
): readonly (R | DefaultRate)[] {
  const attached = [...product.tax_rates, ...(product.type?.tax_rates ?? [])];
  const ofRegion = new Map(
    attached.filter((rate) => rate.region_id === context.regionId).map((rate) => [rate.id, rate]),
  );
  return ofRegion.size > 0
    ? [...ofRegion.values()]
    : [{ rate: context.regionRate, name: "default", code: "default" }];
}
