import type { EventName } from "./subscribers.ts";

/** Every event, as an object so that the compiler finds one that is missing. */
const all: Readonly<Record<EventName, true>> = {
  "cart.created": true,
  "cart.customer_updated": true,
  "cart.payment_released": true,
  "cart.updated": true,
  "customer.created": true,
  "customer.password_reset": true,
  "customer.updated": true,
  "gift_card.created": true,
  "order-edit.confirmed": true,
  "order-edit.declined": true,
  "order-update-token.created": true,
  "order.payment_captured": true,
  "order.placed": true,
  "order.return_requested": true,
  "order.updated": true,
  "payment-collection.payment_authorized": true,
  "payment.payment_captured": true,
  "payment.updated": true,
  "product-variant.updated": true,
  "swap.created": true,
  "swap.payment_captured": true,
  "swap.payment_completed": true,
};

/** The names of all events that the shop publishes. */
export const eventNames: readonly EventName[] = Object.keys(all) as EventName[];

/** Returns whether the shop publishes events with a name. */
export function isEventName(name: string): name is EventName {
  return Object.hasOwn(all, name);
}
