import stringify from "safe-stable-stringify";
import type { FieldValue, ProductInput } from "./product-input.ts";
import type { References } from "./references.ts";
import type { StoredProduct, VariantOwner } from "./stored-products.ts";
import type { Writes } from "./writes.ts";

/** What the shop has, as far as it concerns the products of a plan. */
export interface ShopState {
  readonly products: readonly StoredProduct[];
  readonly owners: readonly VariantOwner[];
  readonly references: References;
}

/** Collects a plan, or why there is none. */
export interface Draft {
  readonly input: ProductInput;
  readonly productId: string;
  readonly stored: StoredProduct | undefined;
  readonly state: ShopState;
  readonly writes: Writes;
  readonly used: Set<string>;
  refuse(this: void, place: string, message: string): void;
}

/** Whether a value of a column is another one than is stored. */
export function differs(stored: FieldValue | undefined, value: FieldValue): boolean {
  // A file cannot tell an empty text from none.
  if (stored === "" && value === null) return false;
  if (typeof value !== "object" || value === null) return (stored ?? null) !== value;
  return stringify(stored) !== stringify(value);
}
