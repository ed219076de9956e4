import type { Knex } from "knex";
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
  /** Of whose order edit it is the payment; undefined when it is of none. */
  readonly owner: { readonly id: string; readonly customer_id: string } | undefined;
}

/** A payment collection, locked; undefined when it is not there. */
export async function findCollectionForUpdate(
  trx: Knex.Transaction,
  id: string,
): Promise<PaymentCollection | undefined> {
  const found = await query(
    trx,
    sql`select 1 from payment_collection where id = ${id} and deleted_at is null for update`,
  );
  const tree = found.length > 0 ? await loadTree(trx, shape, id) : undefined;
  if (!tree) return;
  const [owner] = await query<{ id: string; customer_id: string }>(
    trx,
    sql`select o.id, o.customer_id from order_edit e join "order" o on o.id = e.order_id where e.payment_collection_id = ${id} limit 1`,
  );
  return { ...tree, owner };
}

/**
 * A payment collection, locked.
 * @throws NotFound
 */
export async function lockCollection(
  trx: Knex.Transaction,
  id: string,
): Promise<PaymentCollection> {
  const collection = await findCollectionForUpdate(trx, id);
  if (!collection) throw new NotFoundError(`Payment collection with id ${id} was not found`);
  return collection;
}

/**
 * A payment collection, locked for somebody whom the shop lets pay it.
 * @throws NotFound · Unauthorized
 */
export async function lockCollectionFor(
  trx: Knex.Transaction,
  ctx: Pick<RequestContext, "customerId">,
  access: AfterSaleAccess,
  id: string,
): Promise<PaymentCollection> {
  const collection = await lockCollection(trx, id);
  if (collection.owner)
    mustBeOpenTo(access, collection.owner, ctx.customerId, `Payment collection with id ${id}`);
  return collection;
}
