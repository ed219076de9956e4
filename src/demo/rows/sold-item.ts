import type { Line } from "../../money/line-totals.ts";
import { picturesOf, smallestUnits, variantsOf } from "../demo-product.ts";
import { demoProducts } from "../products/demo-products.ts";
import type { DemoRegion } from "../regions.ts";
import { type DemoContext, pictureUrl } from "./demo-context.ts";

/** A tax rate, in percent, as tax lines name it. */
export interface TaxRate {
  readonly rate: number;
  readonly name: string;
  readonly code: string;
}

/** An item of an order, with the product's values that its row repeats. */
export interface SoldItem {
  readonly title: string;
  readonly variantTitle: string;
  readonly thumbnail: string;
  readonly variantId: string;
  readonly taxRate: TaxRate;
  /** What its totals depend on. */
  readonly line: Line;
}

/**
 * Returns an item of the demo shop at the price that everybody pays. `percentOff` is that of a
 * discount on the whole order.
 * @throws Error if the demo shop has no such SKU
 */
export function soldItem(
  context: DemoContext,
  region: DemoRegion,
  item: { id: string; sku: string; quantity: number },
  discount?: { id: string; percentOff: number },
): SoldItem {
  const { product, variant } = findVariant(item.sku);
  const taxRate = (product.type === "Books" && region.bookRate) || defaultRate(region);
  const unitPrice = smallestUnits(variant.prices[region.currency], region.currency);
  const off = discount ? Math.round((unitPrice * item.quantity * discount.percentOff) / 100) : 0;
  return {
    title: product.title,
    variantTitle: variant.title,
    thumbnail: pictureUrl(context.publicUrl, picturesOf(product)[0] ?? ""),
    variantId: context.ids("variant", variant.sku),
    taxRate,
    line: {
      id: item.id,
      unitPrice,
      quantity: item.quantity,
      includesTax: region.includesTax,
      allowsDiscounts: true,
      rates: [taxRate.rate],
      adjustments: discount ? [{ amount: off, discountId: discount.id }] : [],
    },
  };
}

/** Returns the rate of a region as Medusa names it on tax lines. */
export function defaultRate({ taxRate }: DemoRegion): TaxRate {
  return { rate: taxRate, name: "default", code: "default" };
}

function findVariant(sku: string) {
  for (const product of demoProducts) {
    const variant = variantsOf(product).find((candidate) => candidate.sku === sku);
    if (variant) return { product, variant };
  }
  throw new Error(`The demo shop has no variant ${sku}`);
}

/** Returns the row of a line item. `more` says whose it is and what became of it. */
export function lineItemRow(
  { title, variantTitle, thumbnail, variantId, line }: SoldItem,
  at: Date,
  more: Record<string, unknown>,
): Record<string, unknown> {
  return {
    id: line.id,
    title,
    description: variantTitle,
    thumbnail,
    variant_id: variantId,
    unit_price: line.unitPrice,
    quantity: line.quantity,
    includes_tax: line.includesTax,
    allow_discounts: true,
    metadata: {},
    created_at: at,
    updated_at: at,
    ...more,
  };
}

/** Returns the row of the tax line of an item, or of a shipping method. */
export function taxLineRow(
  id: string,
  of: { item_id: string } | { shipping_method_id: string },
  { rate, name, code }: TaxRate,
  at: Date,
): Record<string, unknown> {
  return { id, rate, name, code, ...of, created_at: at, updated_at: at };
}
