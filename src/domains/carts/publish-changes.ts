import type { CommandTools } from "../../commands/command-tools.ts";
import type { Transaction } from "../../commands/transaction.ts";
import type { Events } from "../../events/events.ts";
import { loadCustomer } from "../customers/customer-view.ts";
import type { Cart } from "./cart-tree.ts";

/** A cart before and after a change. */
interface ChangedCart {
  readonly before: Cart;
  readonly after: Cart;
}

/** Publishes the events of a change that was saved. */
export async function publishChanges(
  trx: Transaction,
  events: Events,
  { before, after: { id, customer_id, email } }: ChangedCart,
  { isNewId }: CommandTools,
): Promise<void> {
  if (isNewId(customer_id) && events.isHeard("customer.created"))
    events.publish(trx, { name: "customer.created", data: await loadCustomer(trx, customer_id!) });
  events.publish(trx, { name: "cart.updated", data: { id } });
  const customerChanged = customer_id !== before.customer_id || email !== before.email;
  if (customerChanged) events.publish(trx, { name: "cart.customer_updated", data: { id } });
}
