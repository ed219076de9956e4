import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { added, saveRows, type TableMapping } from "../../database/save-rows.ts";
import { execute, query, sql } from "../../database/sql.ts";
import type { Line } from "../carts/cart-tree.ts";

/** Returns the id of a cart's swap, or undefined. */
export async function findSwapIdOfCart(
  connection: Knex,
  cartId: string,
): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    connection,
    sql`select id from swap where cart_id = ${cartId} and deleted_at is null`,
  );
  return row?.id;
}

/** Returns the id of a cart's swap if it is confirmed, or undefined. */
export async function findConfirmedSwapId(
  connection: Knex,
  cartId: string,
): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    connection,
    sql`select id from swap
      where cart_id = ${cartId} and deleted_at is null and confirmed_at is not null`,
  );
  return row?.id;
}

/** What comes back in a return. */
export function findReturnedItems(
  connection: Knex,
  returnId: string,
): Promise<{ item_id: string; quantity: number }[]> {
  return query(
    connection,
    sql`select item_id, quantity from return_item where return_id = ${returnId}`,
  );
}

/**
 * Records that a swap is confirmed, with the difference due, and completes its cart. The swap
 * receives the cart's other lines and its shipping methods. `due` is in the smallest unit of the
 * currency, and negative if the shop refunds the difference. Sent ahead.
 */
export function recordConfirmation(
  trx: Transaction,
  swapId: string,
  cart: { readonly id: string; readonly shipping_address_id: string | null },
  due: number,
): void {
  const status = due === 0 ? "confirmed" : "awaiting";
  execute(
    trx,
    sql`update swap set confirmed_at = now(), difference_due = ${due}::int,
        payment_status = ${status}::swap_payment_status_enum,
        shipping_address_id = ${cart.shipping_address_id}, updated_at = now() where id = ${swapId}`,
  );
  execute(
    trx,
    sql`update line_item set swap_id = ${swapId}, updated_at = now()
      where cart_id = ${cart.id} and not is_return and swap_id is distinct from ${swapId}`,
  );
  execute(trx, sql`update shipping_method set swap_id = ${swapId} where cart_id = ${cart.id}`);
  execute(
    trx,
    sql`update cart set completed_at = now(), payment_authorized_at = now(), updated_at = now()
      where id = ${cart.id}`,
  );
}

/** Inserts a swap. `linkSwapToCart` adds its cart later. */
export async function insertSwap(
  trx: Transaction,
  swap: { readonly id: string; readonly order_id: string; readonly idempotency_key: string | null },
): Promise<void> {
  // As in Medusa, no notification is sent for a swap that a storefront requests.
  await query(
    trx,
    sql`insert into swap
        (id, fulfillment_status, payment_status, order_id, idempotency_key, no_notification)
      values (${swap.id}, 'not_fulfilled', 'not_paid', ${swap.order_id},
        ${swap.idempotency_key}, true)`,
  );
}

const lineTaxes: TableMapping = {
  name: "line_item_tax_line",
  inserted: ["rate", "name", "code", "metadata", "item_id"],
  changed: [],
  hasUpdatedAt: true,
};

/** Links a swap to its cart, and inserts the tax lines with which the returned lines were sold. */
export async function linkSwapToCart(
  trx: Transaction,
  swapId: string,
  cartId: string,
  lines: readonly Line[],
): Promise<void> {
  await query(
    trx,
    sql`update swap set cart_id = ${cartId}, updated_at = now() where id = ${swapId}`,
  );
  const taxes = lines.flatMap(({ id: item_id, tax_lines }) =>
    tax_lines.map((line) => ({ ...line, id: newId("litl"), item_id })),
  );
  saveRows(trx, lineTaxes, added(taxes));
}
