import type { Transaction } from "../../commands/transaction.ts";
import { NotFoundError } from "../../core/errors.ts";
import { insertAddress, updateAddress } from "./address-queries.ts";
import type { AddressChange } from "./address-schemas.ts";
import { addressColumns } from "./customer-rules.ts";
import { lockFreeAddress, lockOwnAddress } from "./lock-address.ts";
import type { LockedCustomer } from "./lock-customer.ts";

/**
 * Applies a change of a customer's billing address: null removes it, an id selects another address
 * of the customer, an object updates the present address or inserts the first one. Returns the
 * column to write, if it changes.
 * @throws NotFoundError if the address does not exist or is another customer's
 */
export async function settleBillingAddress(
  trx: Transaction,
  customer: LockedCustomer,
  input: AddressChange | string | null | undefined,
): Promise<{ billing_address_id?: string | null }> {
  if (input === undefined) return {};
  if (input === null) return { billing_address_id: null };
  if (typeof input === "string")
    return { billing_address_id: await requireOwnAddressId(trx, customer, input) };
  const present = customer.billing_address_id;
  if (!present || !(await lockFreeAddress(trx, customer.id, present))) {
    return { billing_address_id: await insertAddress(trx, addressColumns(input)) };
  }
  await updateAddress(trx, present, addressColumns(input));
  return {};
}

async function requireOwnAddressId(
  trx: Transaction,
  customer: LockedCustomer,
  id: string,
): Promise<string> {
  if (id !== customer.billing_address_id && !(await lockOwnAddress(trx, customer.id, id))) {
    throw new NotFoundError(`Address with id ${id} was not found`);
  }
  return id;
}
