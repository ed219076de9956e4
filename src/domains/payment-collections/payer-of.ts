import type { Knex } from "knex";
import type { RequestContext } from "../../core/request-context.ts";
import { findPayer } from "./collection-queries.ts";
import type { PaymentCollection } from "./lock-collection.ts";

/**
 * Whom providers are told of, and about whom they may want to know something again: the order's own
 * customer, logged in.
 */
export async function payerOf(
  trx: Knex.Transaction,
  { customerId }: RequestContext,
  { owner }: PaymentCollection,
) {
  if (customerId === undefined || (owner && owner.customer_id !== customerId)) return;
  return findPayer(trx, customerId);
}
