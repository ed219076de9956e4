import type { Events } from "../../events/events.ts";
import { orderOutcome } from "./order-outcome.ts";
import type { Outcome } from "./outcome.ts";
import { swapOutcome } from "./swap-outcome.ts";

/** What carts become, by their type. */
export type Outcomes = (type: string) => Outcome;

/** All carts become orders but those of swaps. */
export function outcomesOf(events: Events): Outcomes {
  const [order, swap] = [orderOutcome(events), swapOutcome(events)];
  return (type) => (type === "swap" ? swap : order);
}
