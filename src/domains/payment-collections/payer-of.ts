import type { Transaction } from "../../commands/transaction.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { ProviderCustomer } from "../../providers/parties.ts";
import { findPayer } from "./collection-queries.ts";
import type { PaymentCollection } from "./lock-collection.ts";

/**
 * Returns the customer whom providers are told about, and with whom their metadata is saved: the
 * order's own customer, logged in.
 */
export async function payerOf(
  trx: Transaction,
  { customerId }: RequestContext,
  { owner }: PaymentCollection,
): Promise<ProviderCustomer | undefined> {
  if (customerId === undefined || (owner && owner.customer_id !== customerId)) return;
  return findPayer(trx, customerId);
}
