import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import { query, sql } from "../../database/sql.ts";
import { lockOrder } from "../orders/lock-order.ts";
import { lockCollectionRow } from "../payment-collections/lock-collection.ts";
import { type OrderEditStatus, orderEditStatus } from "../payment-collections/order-edit-status.ts";

/** A locked order edit, for its customer to confirm or decline. */
export interface LockedOrderEdit {
  readonly id: string;
  readonly order_id: string;
  /** The customer of the order. */
  readonly customer_id: string;
  readonly status: OrderEditStatus;
  readonly order_status: string;
  readonly payment_collection_id: string | null;
  /** The status of its payment collection; null if it has none. */
  readonly collection_status: string | null;
  /** What is authorized of its payment collection, in the smallest unit; null if it has none. */
  readonly authorized_amount: number | null;
}

/**
 * Locks an order edit, its payment collection and its order, in this order, and returns the edit.
 * @throws NotFoundError if the order edit does not exist
 */
export async function lockOrderEdit(trx: Transaction, id: string): Promise<LockedOrderEdit> {
  const [edit] = await query<
    Pick<LockedOrderEdit, "id" | "order_id" | "payment_collection_id" | "status">
  >(
    trx,
    sql`select id, order_id, payment_collection_id,
        ${orderEditStatus} as status
      from order_edit where id = ${id} for update`,
  );
  if (!edit) throw new NotFoundError(`Order edit with id ${id} was not found`);
  const collection =
    edit.payment_collection_id === null
      ? undefined
      : await lockCollectionRow(trx, edit.payment_collection_id);
  const order = await lockOrder(trx, edit.order_id);
  return {
    ...edit,
    customer_id: order!.customer_id,
    order_status: order!.status,
    collection_status: collection?.status ?? null,
    authorized_amount: collection ? (collection.authorized_amount ?? 0) : null,
  };
}
