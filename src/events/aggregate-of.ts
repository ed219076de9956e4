import type { EventName } from "./subscribers.ts";

/** An event's name and data. */
interface NamedData {
  readonly name: EventName;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Returns the id of what an event belongs to. Each subscriber receives the events of one aggregate
 * in the order in which they were committed. What happens to a payment belongs to its order.
 */
export function aggregateOf({ name, data }: NamedData): string {
  const parent = name.startsWith("payment.") ? (data["swap_id"] ?? data["order_id"]) : undefined;
  return String(parent ?? data["id"] ?? data["new_customer_id"] ?? "");
}
