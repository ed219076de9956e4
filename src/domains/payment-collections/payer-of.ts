import type { Transaction } from "../../commands/transaction.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Providers } from "../../providers/providers.ts";
import { findPayer, type Payer } from "../payments/provider-customers.ts";
import type { PaymentCollection } from "./lock-collection.ts";

/**
 * Returns the customer whom providers are told about: the order's own customer, logged in.
 */
export async function payerOf(
  trx: Transaction,
  providers: Providers,
  { customerId }: RequestContext,
  { owner }: PaymentCollection,
): Promise<Payer | undefined> {
  if (customerId === undefined || (owner && owner.customer_id !== customerId)) return;
  return findPayer(trx, providers, customerId);
}
