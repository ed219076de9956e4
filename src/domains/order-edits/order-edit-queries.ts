import type { Knex } from "knex";
import { query, sql } from "../../database/sql.ts";
import type { LockedOrderEdit } from "./lock-order-edit.ts";

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
