import { eventNames } from "../../src/events/event-names.ts";
import { type Subscriber, Subscriptions } from "../../src/events/subscriptions.ts";

/** Hears of all events, so that each is written to the outbox; does nothing about them. */
export const everyEvent: Subscriber = {
  id: "every-event",
  handlers: new Map(eventNames.map((name) => [name, async () => {}])),
};

/** It alone is subscribed. */
export const everyEventHeard = new Subscriptions([everyEvent]);
