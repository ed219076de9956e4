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

/** A line that was sold. */
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

/** An order with all that something may come back from. */
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
  await lockOrder(trx, id);
  const sold = await loadSoldOrder(trx, id);
  if (sold) mustBeOpenTo(access, sold, ctx.customerId);
  return sold;
}

/** An order with all that something may come back from, or undefined. */
export async function loadSoldOrder(connection: Knex, id: string): Promise<SoldOrder | undefined> {
  return (await loadTree(connection, shape, id)) as unknown as SoldOrder | undefined;
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
