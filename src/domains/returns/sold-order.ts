import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { query, sql } from "../../database/sql.ts";
import { order } from "../../graph/entities/order-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import { type AfterSaleAccess, mustBeOpenTo } from "../orders/after-sale-rules.ts";

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

/** An order with all that something may come back from. */
export type SoldOrder = TreeOfShape<typeof shape>;
/** A line that was sold. */
export type SoldLine = SoldOrder["items"][number];

/**
 * An order that the caller may return and swap things of; nobody else does until the transaction
 * ends. Undefined when there is none.
 * @throws Unauthorized · NotFound it is not the caller's, where the shop asks for that
 */
export async function lockSoldOrder(
  trx: Transaction,
  id: string,
  access: AfterSaleAccess,
  ctx: RequestContext,
): Promise<SoldOrder | undefined> {
  await query(trx, sql`select 1 from "order" where id = ${id} for update`);
  const sold = await loadSoldOrder(trx, id);
  if (sold) mustBeOpenTo(access, sold, ctx.customerId);
  return sold;
}

/** An order with all that something may come back from, or undefined. */
export function loadSoldOrder(connection: Knex, id: string): Promise<SoldOrder | undefined> {
  return loadTree(connection, shape, id);
}

/** @throws NotFound */
export function requireSoldOrder(order: SoldOrder | undefined, id: string): SoldOrder {
  if (!order) throw new NotFoundError(`Order with id: ${id} was not found`);
  return order;
}

/**
 * The lines that something may come back of: the order's, those of its claims, and those of swaps
 * that somebody has settled.
 */
export function returnableLines({ items, swaps, claims }: SoldOrder): SoldLine[] {
  const settled = swaps.filter(
    (swap) => swap.confirmed_at !== null || swap.fulfillment_status !== "not_fulfilled",
  );
  return [...items, ...[...settled, ...claims].flatMap(({ additional_items }) => additional_items)];
}
