import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { query, sql } from "../../database/sql.ts";
import { paymentCollection } from "../../graph/entities/payment-entities.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf, type TreeOfShape } from "../../graph/shape.ts";
import { type AfterSaleAccess, mustBeOpenTo } from "../orders/after-sale-rules.ts";
import { lockOrderAgainstChanges } from "../orders/lock-order.ts";
import { type OrderEditStatus, orderEditStatus } from "./order-edit-status.ts";

const shape = shapeOf(paymentCollection, {
  paths: ["region.payment_providers", "payment_sessions", "payments"],
});

/** A payment collection as its changes read it. */
export interface PaymentCollection extends TreeOfShape<typeof shape> {
  /** The order whose edit it pays for; undefined where it pays for none. */
  readonly owner: CollectionOwner | undefined;
}

/** An order, and its edit that a payment collection pays for. */
export interface CollectionOwner {
  /** The order's id. */
  readonly id: string;
  readonly customer_id: string;
  readonly order_status: string;
  readonly edit_status: OrderEditStatus;
}

interface LockedCollectionRow {
  readonly status: string;
  /** In the smallest unit; null if nothing was authorized yet. */
  readonly authorized_amount: number | null;
}

/** Locks a payment collection's row. Returns undefined where there is none. */
export async function lockCollectionRow(
  trx: Transaction,
  id: string,
): Promise<LockedCollectionRow | undefined> {
  const [row] = await query<LockedCollectionRow>(
    trx,
    sql`select status, authorized_amount from payment_collection
      where id = ${id} and deleted_at is null for update`,
  );
  return row;
}

/**
 * Locks a payment collection, keeps its order edit and its order as they are, and loads it. Returns
 * undefined where there is none.
 */
export async function findCollectionForUpdate(
  trx: Transaction,
  id: string,
): Promise<PaymentCollection | undefined> {
  const [edit] = await lockEditsAgainstChanges(trx, id);
  if (!(await lockCollectionRow(trx, id))) return;
  const tree = await loadTree(trx, shape, id);
  if (!tree) return;
  const order = edit && (await lockOrderAgainstChanges(trx, edit.order_id));
  const owner = order && {
    id: order.id,
    customer_id: order.customer_id,
    order_status: order.status,
    edit_status: edit.status,
  };
  return { ...tree, owner };
}

/** Keeps the edits of a collection from being changed, and returns those to be decided first. */
function lockEditsAgainstChanges(
  trx: Transaction,
  collectionId: string,
): Promise<{ order_id: string; status: OrderEditStatus }[]> {
  return query(
    trx,
    sql`select order_id, ${orderEditStatus} as status from order_edit
      where payment_collection_id = ${collectionId}
      order by confirmed_at is null desc, declined_at is null desc, canceled_at is null desc, id
      for share`,
  );
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
