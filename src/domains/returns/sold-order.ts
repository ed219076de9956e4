import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { lineItem } from "../../graph/entities/cart-entities.ts";
import type { address } from "../../graph/entities/customer-entities.ts";
import { order } from "../../graph/entities/order-entities.ts";
import type { region } from "../../graph/entities/region-entities.ts";
import type { Row, Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import type { Adjustment, CartDiscountRow, VariantOfLine } from "../carts/cart-tree.ts";
import { type AfterSaleAccess, mustBeOpenTo } from "../orders/after-sale-rules.ts";
import { lockOrder } from "../orders/lock-order.ts";

/** A line of an order, swap or claim order. */
export interface SoldLine extends Readonly<Row<typeof lineItem>> {
  readonly adjustments: readonly Adjustment[];
  readonly tax_lines: readonly {
    readonly rate: number;
    readonly name: string;
    readonly code: string | null;
    readonly metadata: unknown;
  }[];
  readonly variant: VariantOfLine | null;
}

interface SwapOrClaim {
  readonly additional_items: readonly SoldLine[];
}

interface SwapOfOrder extends SwapOrClaim {
  readonly confirmed_at: string | null;
  readonly fulfillment_status: string;
}

/** An order with everything that may be returned. */
export interface SoldOrder extends Readonly<Row<typeof order>> {
  readonly items: readonly SoldLine[];
  readonly swaps: readonly SwapOfOrder[];
  readonly claims: readonly SwapOrClaim[];
  readonly discounts: readonly CartDiscountRow[];
  readonly region: Readonly<Row<typeof region>>;
  readonly shipping_address: Readonly<Row<typeof address>> | null;
  readonly billing_address: Readonly<Row<typeof address>> | null;
  readonly customer: Tree | null;
}

const LINE_RELATIONS = ["tax_lines", "adjustments", "variant.product"];
const below = (path: string) => LINE_RELATIONS.map((relation) => `${path}.${relation}`);

const shape = shapeOf(order, {
  paths: [
    ...below("items"),
    ...below("swaps.additional_items"),
    ...below("claims.additional_items"),
    "discounts.rule",
    "discounts.regions",
    "region",
    "shipping_address",
    "billing_address",
    "customer",
  ],
  narrowed: new Map([["discounts.regions", ["id"]]]),
});

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
export async function loadSoldOrder(connection: Knex, id: string): Promise<SoldOrder | undefined> {
  return (await loadTree(connection, shape, id)) as unknown as SoldOrder | undefined;
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
