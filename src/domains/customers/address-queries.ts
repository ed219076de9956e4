import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import { changedValues } from "./customer-rules.ts";

type Columns = Record<string, unknown>;

/** The entries of a customer's address book. */
export function findAddresses(trx: Transaction, customerId: string): Promise<Columns[]> {
  return query(
    trx,
    sql`select * from address where customer_id = ${customerId} and deleted_at is null`,
  );
}

/** Puts an address in; its id. */
export async function insertAddress(trx: Transaction, columns: Columns): Promise<string> {
  const id = newId("addr");
  await trx("address").insert({ ...columns, id });
  return id;
}

/**
 * Changes an address where the customer keeps it; orders that were placed with it keep it as it
 * was.
 */
export async function updateAddress(trx: Transaction, id: string, columns: Columns): Promise<void> {
  const [present] = await query<Columns>(trx, sql`select * from address where id = ${id}`);
  const changes = changedValues(present ?? {}, columns);
  if (Object.keys(changes).length === 0) return;
  await copyForOrders(trx, id);
  await trx("address")
    .where({ id })
    .update({ ...changes, updated_at: trx.fn.now() });
}

/** Takes an address out of the customer's book; one that is not in it stays. */
export async function removeAddress(
  trx: Transaction,
  customerId: string,
  id: string,
): Promise<void> {
  await query(
    trx,
    sql`update address set deleted_at = now() where id = ${id} and customer_id = ${customerId} and deleted_at is null`,
  );
}

/**
 * Medusa lets orders share an entry of the address book: they get a copy, which is in nobody's
 * book.
 */
async function copyForOrders(trx: Transaction, id: string): Promise<void> {
  const [shared] = await query<{ used: boolean }>(
    trx,
    sql`select exists (select 1 from "order" where shipping_address_id = ${id} or billing_address_id = ${id}) as used`,
  );
  if (!shared?.used) return;
  const copy = newId("addr");
  await query(
    trx,
    sql`insert into address (id, company, first_name, last_name, address_1, address_2, city, country_code, province, postal_code, phone,
        created_at, updated_at, deleted_at, metadata)
      select ${copy}, company, first_name, last_name, address_1, address_2, city, country_code, province, postal_code, phone,
        created_at, updated_at, deleted_at, metadata from address where id = ${id}`,
  );
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
