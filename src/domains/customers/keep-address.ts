import type { Transaction } from "../../commands/transaction.ts";
import { newId } from "../../database/new-id.ts";
import { execute, sql } from "../../database/sql.ts";

/** Inserts a copy of an address that is in no address book, ahead, and returns its id. */
export function copyAddress(trx: Transaction, id: string): string {
  const copy = newId("addr");
  execute(
    trx,
    sql`insert into address (id, company, first_name, last_name, address_1, address_2, city,
        country_code, province, postal_code, phone, created_at, updated_at, metadata)
      select ${copy}, company, first_name, last_name, address_1, address_2, city,
        country_code, province, postal_code, phone, created_at, updated_at, metadata
      from address where id = ${id}`,
  );
  return copy;
}

/** An address of a cart. */
interface CartAddress {
  readonly id: string;
  readonly customer_id: string | null;
}

/**
 * Returns the ids of the addresses that an order or a swap keeps: copies of those that are entries
 * of an address book, which its customer may change or remove, and the others themselves.
 */
export function keepAddresses(
  trx: Transaction,
  addresses: readonly (CartAddress | null)[],
): (string | null)[] {
  const kept = new Map<string, string>();
  for (const address of addresses) {
    if (!address || kept.has(address.id)) continue;
    const isEntry = address.customer_id !== null;
    kept.set(address.id, isEntry ? copyAddress(trx, address.id) : address.id);
  }
  return addresses.map((address) => (address ? kept.get(address.id)! : null));
}
