import type { Knex } from "knex";
import { NotFoundError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import type { OrderEditStatus } from "./order-edit-rules.ts";

/** A locked order edit, for its customer to confirm or decline. */
export interface LockedOrderEdit {
  readonly id: string;
  readonly order_id: string;
  /** The customer of the order. */
  readonly customer_id: string;
  readonly status: OrderEditStatus;
  readonly payment_collection_id: string | null;
  /** The status of its payment collection; null if it has none. */
  readonly collection_status: string | null;
}

/**
 * Locks an order edit, its payment collection and its order, in this order, and returns the edit.
 * @throws NotFoundError if the order edit does not exist
 */
export async function lockOrderEdit(trx: Knex.Transaction, id: string): Promise<LockedOrderEdit> {
  const [edit] = await query<Omit<LockedOrderEdit, "customer_id" | "collection_status">>(
    trx,
    sql`select id, order_id, payment_collection_id,
        case when canceled_at is not null then 'canceled'
          when confirmed_at is not null then 'confirmed'
          when declined_at is not null then 'declined'
          when requested_at is not null then 'requested'
          else 'created' end as status
      from order_edit where id = ${id} for update`,
  );
  if (!edit) throw new NotFoundError(`Order edit with id ${id} was not found`);
  const [collection] = await query<{ status: string }>(
    trx,
    sql`select status from payment_collection
      where id = ${edit.payment_collection_id} and deleted_at is null for update`,
  );
  const [order] = await query<{ customer_id: string }>(
    trx,
    sql`select customer_id from "order" where id = ${edit.order_id} for update`,
  );
  return {
    ...edit,
    customer_id: order!.customer_id,
    collection_status: collection?.status ?? null,
  };
}

/**
 * Assigns the payments of an order edit to its order. Returns the rows of those that were not
 * assigned to it before, as they are now.
 */
export function assignPaymentsToOrder(
  trx: Knex.Transaction,
  { order_id, payment_collection_id }: LockedOrderEdit,
): Promise<Record<string, unknown>[]> {
  return query(
    trx,
    sql`update payment p set order_id = ${order_id}, updated_at = now()
      from payment_collection_payments t
      where t.payment_collection_id = ${payment_collection_id} and t.payment_id = p.id
        and p.order_id is distinct from ${order_id}
      returning p.*`,
  );
}

/**
 * Confirms an order edit: its lines become the order's. As in Medusa, the former lines remain in
 * the database without an order. `by` is the customer who is logged in.
 */
export async function confirmOrderEdit(
  trx: Knex.Transaction,
  { id, order_id }: LockedOrderEdit,
  by: string | undefined,
): Promise<void> {
  await query(
    trx,
    sql`update line_item set order_id = null, updated_at = now()
      where order_id = ${order_id} and order_edit_id is distinct from ${id}`,
  );
  await query(
    trx,
    sql`update line_item set order_id = ${order_id}, updated_at = now()
      where order_edit_id = ${id}`,
  );
  await query(
    trx,
    sql`update order_edit
      set confirmed_at = now(), confirmed_by = ${by ?? null}, updated_at = now()
      where id = ${id}`,
  );
}

/** Declines an order edit. `by` is the customer who is logged in. */
export async function declineOrderEdit(
  trx: Knex.Transaction,
  id: string,
  { by, reason }: { readonly by: string | undefined; readonly reason: string | null | undefined },
): Promise<void> {
  await query(
    trx,
    sql`update order_edit
      set declined_at = now(), declined_by = ${by ?? null}, declined_reason = ${reason ?? null},
        updated_at = now()
      where id = ${id}`,
  );
}
