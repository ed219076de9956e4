import type { ListPrice } from "../shop-file-schema.ts";

/** Returns what tells the prices of a price list apart: everything but the amount. */
export function placeOf(price: ListPrice): string {
  const { sku, currency, region, min_quantity, max_quantity } = price;
  const parts = [sku, currency, region, min_quantity, max_quantity];
  return JSON.stringify(parts.map((part) => part ?? null));
}
