import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { query, sql } from "../../database/sql.ts";
import {
  paymentCollection as entity,
  type paymentCollection,
} from "../../graph/entities/payment-entities.ts";
import type { Row } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";
import { type AfterSaleAccess, mustBeOpenTo } from "../orders/after-sale-rules.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";

/** A payment collection as its changes read it. */
export interface PaymentCollection extends Readonly<Row<typeof paymentCollection>> {
  readonly payment_sessions: readonly PaymentSession[];
  readonly payments: readonly { readonly id: string }[];
  readonly region: { readonly payment_providers: readonly { readonly id: string }[] };
  /** Of whose order edit it is the payment; undefined when it is of none. */
  readonly owner: { readonly id: string; readonly customer_id: string } | undefined;
}

const shape = shapeOf(entity, {
  paths: ["region.payment_providers", "payment_sessions", "payments"],
});

/** A payment collection, locked; undefined when it is not there. */
export async function findCollectionForUpdate(
  trx: Knex.Transaction,
  id: string,
): Promise<PaymentCollection | undefined> {
  const found = await query(
    trx,
    sql`select 1 from payment_collection where id = ${id} and deleted_at is null for update`,
  );
  if (found.length === 0) return;
  const tree = (await loadTree(trx, shape, id)) as unknown as Omit<PaymentCollection, "owner">;
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
