import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import { insertRow, updateRow } from "../../database/write-row.ts";
import { changedValues } from "./customer-rules.ts";
import { copyAddress } from "./keep-address.ts";
import { lockOwnAddress } from "./lock-address.ts";

type Columns = Record<string, unknown>;

/** Returns the addresses in a customer's address book. */
export function findAddresses(trx: Transaction, customerId: string): Promise<Columns[]> {
  return query(
    trx,
    sql`select * from address where customer_id = ${customerId} and deleted_at is null`,
  );
}

/** Inserts an address and returns its id. */
export async function insertAddress(trx: Transaction, columns: Columns): Promise<string> {
  const id = newId("addr");
  await insertRow(trx, "address", { ...columns, id });
  return id;
}

/**
 * Updates an address in the address book. Orders that were placed with it keep a copy of its former
 * state.
 */
export async function updateAddress(trx: Transaction, id: string, columns: Columns): Promise<void> {
  const [present] = await query<Columns>(trx, sql`select * from address where id = ${id}`);
  const changes = changedValues(present ?? {}, columns);
  if (Object.keys(changes).length === 0) return;
  await copyForOrders(trx, id);
  await updateRow(trx, "address", id, changes);
}

/**
 * Removes an address from the customer's address book. An address that is not in it stays. Orders
 * that were placed with it keep a copy.
 */
export async function removeAddress(
  trx: Transaction,
  customerId: string,
  id: string,
): Promise<void> {
  if (!(await lockOwnAddress(trx, customerId, id))) return;
  await copyForOrders(trx, id);
  await query(
    trx,
    sql`update address set deleted_at = now()
      where id = ${id} and customer_id = ${customerId} and deleted_at is null`,
  );
}

/**
 * In Medusa, orders, swaps and claims may share an address with the address book: they receive a
 * copy that is in no address book.
 */
async function copyForOrders(trx: Transaction, id: string): Promise<void> {
  const [shared] = await query<{ used: boolean }>(
    trx,
    sql`select exists (select 1 from "order"
        where shipping_address_id = ${id} or billing_address_id = ${id})
      or exists (select 1 from swap where shipping_address_id = ${id})
      or exists (select 1 from claim_order where shipping_address_id = ${id}) as used`,
  );
  if (!shared?.used) return;
  const copy = copyAddress(trx, id);
  await query(
    trx,
    sql`update "order" set shipping_address_id = ${copy} where shipping_address_id = ${id}`,
  );
  await query(
    trx,
    sql`update "order" set billing_address_id = ${copy} where billing_address_id = ${id}`,
  );
  await query(
    trx,
    sql`update swap set shipping_address_id = ${copy} where shipping_address_id = ${id}`,
  );
  await query(
    trx,
    sql`update claim_order set shipping_address_id = ${copy} where shipping_address_id = ${id}`,
  );
}
