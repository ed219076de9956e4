import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { query, sql } from "../../database/sql.ts";
import { paymentCollection } from "../../graph/entities/payment-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import { type AfterSaleAccess, mustBeOpenTo } from "../orders/after-sale-rules.ts";

const shape = shapeOf(paymentCollection, {
  paths: ["region.payment_providers", "payment_sessions", "payments"],
});

/** A payment collection as its changes read it. */
export interface PaymentCollection extends TreeOfShape<typeof shape> {
  /** The order whose edit it pays for; undefined where it pays for none. */
  readonly owner: { readonly id: string; readonly customer_id: string } | undefined;
}

/** Locks a payment collection's row. Returns undefined where there is none. */
export async function lockCollectionRow(
  trx: Transaction,
  id: string,
): Promise<{ status: string } | undefined> {
  const [row] = await query<{ status: string }>(
    trx,
    sql`select status from payment_collection
      where id = ${id} and deleted_at is null for update`,
  );
  return row;
}

/** Locks a payment collection and loads it. Returns undefined where there is none. */
export async function findCollectionForUpdate(
  trx: Transaction,
  id: string,
): Promise<PaymentCollection | undefined> {
  if (!(await lockCollectionRow(trx, id))) return;
  const tree = await loadTree(trx, shape, id);
  if (!tree) return;
  const [owner] = await query<{ id: string; customer_id: string }>(
    trx,
    sql`select o.id, o.customer_id from order_edit e join "order" o on o.id = e.order_id
      where e.payment_collection_id = ${id} limit 1`,
  );
  return { ...tree, owner };
}

/**
 * Locks a payment collection and loads it.
 * @throws NotFoundError
 */
export async function lockCollection(trx: Transaction, id: string): Promise<PaymentCollection> {
  const collection = await findCollectionForUpdate(trx, id);
  if (!collection) throw new NotFoundError(`Payment collection with id ${id} was not found`);
  return collection;
}

/**
 * Locks a payment collection for a client whom the shop lets pay it, and loads it.
 * @throws NotFoundError
 * @throws UnauthorizedError
 */
export async function lockCollectionFor(
  trx: Transaction,
  ctx: Pick<RequestContext, "customerId">,
  access: AfterSaleAccess,
  id: string,
): Promise<PaymentCollection> {
  const collection = await lockCollection(trx, id);
  if (collection.owner)
    mustBeOpenTo(access, collection.owner, ctx.customerId, `Payment collection with id ${id}`);
  return collection;
}
