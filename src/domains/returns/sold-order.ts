import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { order } from "../../graph/entities/order-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import { type AfterSaleAccess, mustBeOpenTo } from "../orders/after-sale-rules.ts";
import { lockOrder } from "../orders/lock-order.ts";

const shape = shapeOf(order, {
  paths: [
    "items.tax_lines",
    "items.adjustments",
    "items.variant.product",
    "swaps.additional_items.tax_lines",
    "swaps.additional_items.adjustments",
    "swaps.additional_items.variant.product",
    "claims.additional_items.tax_lines",
    "claims.additional_items.adjustments",
    "claims.additional_items.variant.product",
    "discounts.rule",
    "discounts.regions",
    "region",
    "shipping_address",
    "billing_address",
    "customer",
  ],
  narrowed: { "discounts.regions": ["id"] },
  required: ["discounts.rule"],
});

/** An order with everything that may be returned. */
export type SoldOrder = TreeOfShape<typeof shape>;
/** A line of an order, swap or claim order. */
export type SoldLine = SoldOrder["items"][number];

/**
 * Locks an order until the transaction ends, and loads everything that may be returned of it.
 * Returns undefined if there is no such order.
 * @throws UnauthorizedError if the shop requires a login and no customer is logged in
 * @throws NotFoundError if the shop requires a login and the order is another customer's
 */
export async function lockSoldOrder(
  trx: Transaction,
  id: string,
  access: AfterSaleAccess,
  ctx: RequestContext,
): Promise<SoldOrder | undefined> {
  await lockOrder(trx, id);
  const sold = await loadSoldOrder(trx, id);
  if (sold) mustBeOpenTo(access, sold, ctx.customerId);
  return sold;
}

/** Loads an order with everything that may be returned, or returns undefined. */
export function loadSoldOrder(connection: Knex, id: string): Promise<SoldOrder | undefined> {
  return loadTree(connection, shape, id);
}

/**
 * Returns the order.
 * @throws NotFoundError if there is none
 */
export function requireSoldOrder(order: SoldOrder | undefined, id: string): SoldOrder {
  if (!order) throw new NotFoundError(`Order with id: ${id} was not found`);
  return order;
}

/**
 * Returns the lines that may be returned: the order's own, those of its claim orders, and those of
 * its confirmed or fulfilled swaps.
 */
export function returnableLines({ items, swaps, claims }: SoldOrder): SoldLine[] {
  const settled = swaps.filter(
    (swap) => swap.confirmed_at !== null || swap.fulfillment_status !== "not_fulfilled",
  );
  return [...items, ...[...settled, ...claims].flatMap(({ additional_items }) => additional_items)];
}
