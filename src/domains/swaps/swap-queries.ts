import type { Knex } from "knex";
import { newId } from "../../database/new-id.ts";
import { added, saveRows, type WrittenTable } from "../../database/save-rows.ts";
import { query, sql } from "../../database/sql.ts";
import type { Transaction } from "../../database/use-case.ts";
import type { Line } from "../carts/cart-tree.ts";

/** The id of the swap that a cart is for. */
export async function findSwapIdOfCart(connection: Knex, cartId: string): Promise<string | undefined> {
  const [row] = await query<{ id: string }>(
    connection,
    sql`select id from swap where cart_id = ${cartId} and deleted_at is null`,
  );
  return row?.id;
}

/** Puts a swap in; its cart is tied to it afterwards. */
export async function insertSwap(
  trx: Transaction,
  swap: { readonly id: string; readonly order_id: string; readonly idempotency_key: string | null },
): Promise<void> {
  // As Medusa has it of every swap that a storefront asks for: nobody is notified.
  await query(
    trx,
    sql`insert into swap (id, fulfillment_status, payment_status, order_id, idempotency_key, no_notification)
      values (${swap.id}, 'not_fulfilled', 'not_paid', ${swap.order_id}, ${swap.idempotency_key}, true)`,
  );
}

const lineTaxes: WrittenTable = {
  name: "line_item_tax_line",
  inserted: ["rate", "name", "code", "metadata", "item_id"],
  changed: [],
  hasUpdatedAt: true,
};

/** Ties a swap to its cart, and gives the lines of what comes back the taxes that they were sold with. */
export async function tieCart(trx: Transaction, swapId: string, cartId: string, lines: readonly Line[]): Promise<void> {
  await query(trx, sql`update swap set cart_id = ${cartId}, updated_at = now() where id = ${swapId}`);
  const taxes = lines.flatMap(({ id: item_id, tax_lines }) => tax_lines.map((line) => ({ ...line, id: newId("litl"), item_id })));
  await saveRows(trx, lineTaxes, added(taxes));
}
