import { totalsOf } from "../../money/totals.ts";
import type { DemoItem, DemoOrder } from "../demo-orders.ts";
import { demoDiscounts } from "../promotions.ts";
import { type DemoRegion, demoRegions } from "../regions.ts";
import { type DemoContext, daysBefore } from "./demo-context.ts";
import { type SoldItem, soldItem } from "./sold-item.ts";

/** An order of the demo shop with what its rows and those of what became of it have in common. */
export interface Sale {
  readonly order: DemoOrder;
  readonly region: DemoRegion;
  readonly orderId: string;
  readonly cartId: string;
  readonly placedAt: Date;
  readonly items: readonly SoldItem[];
  readonly discountId: string | undefined;
  readonly shipping: { readonly id: string; readonly optionId: string; readonly price: number };
  /** In the smallest unit of the region's currency, tax included. */
  readonly total: number;
}

/**
 * Returns an order with its items and its total.
 * @throws Error if it names a region, a SKU or a code that the demo shop does not have
 */
export function saleOf(context: DemoContext, order: DemoOrder): Sale {
  const { ids, now } = context;
  const region = requireRegion(order.region);
  const discount = order.code === undefined ? undefined : requirePercentage(context, order.code);
  const items = order.items.map((item) =>
    soldItem(context, region, { ...item, id: itemId(context, order, item) }, discount),
  );
  const shipping = {
    id: ids("sm", order.key),
    optionId: ids("so", `${region.key} ${order.shipping}`),
    price: order.shipping === "free" ? 0 : region.shipping[order.shipping],
  };
  const { whole } = totalsOf({
    lines: items.map(({ line }) => line),
    shippingMethods: [{ ...shipping, includesTax: region.includesTax, rates: [region.taxRate] }],
    discounts: discount ? [{ id: discount.id, type: "percentage" }] : [],
    giftCards: [],
    giftCardsTaxable: region.giftCardsTaxable,
  });
  return {
    order,
    region,
    orderId: ids("order", order.key),
    cartId: ids("cart", order.key),
    placedAt: daysBefore(now, order.placedDaysAgo),
    items,
    discountId: discount?.id,
    shipping,
    total: whole.total,
  };
}

/** Returns the id of the line item of an order with a SKU. */
export function itemId({ ids }: DemoContext, { key }: DemoOrder, { sku }: DemoItem): string {
  return ids("item", `${key} ${sku}`);
}

/**
 * Returns the item of a sale with a SKU.
 * @throws Error if the order has none
 */
export function requireItem(context: DemoContext, sale: Sale, item: DemoItem): SoldItem {
  const id = itemId(context, sale.order, item);
  const found = sale.items.find(({ line }) => line.id === id);
  if (!found) throw new Error(`The order ${sale.order.key} has no ${item.sku}`);
  return found;
}

function requireRegion(key: string): DemoRegion {
  const region = demoRegions.find((candidate) => candidate.key === key);
  if (!region) throw new Error(`The demo shop has no region ${key}`);
  return region;
}

function requirePercentage({ ids }: DemoContext, code: string) {
  const discount = demoDiscounts.find((candidate) => candidate.code === code);
  if (discount?.type !== "percentage") throw new Error(`${code} is no percentage`);
  return { id: ids("disc", code), percentOff: discount.value };
}
