import type { DeliveredEvent, EventName } from "./subscribers.ts";

/** Handles an event. It may receive the same event more than once. */
export type Handler = (event: DeliveredEvent) => Promise<void>;

/** What is done about each event. */
export type Handlers = {
  readonly [Name in EventName]?: (event: DeliveredEvent<Name>) => Promise<void>;
};

/** Returns a subscriber with these handlers. */
export function subscriber(id: string, handlers: Handlers): Subscriber {
  return { id, handlers: new Map(Object.entries(handlers) as [EventName, Handler][]) };
}

/** Somebody who hears of events: the shop's mails, a module of the shop, a webhook. */
export interface Subscriber {
  /** Stays the same over restarts: deliveries wait under it. */
  readonly id: string;
  readonly handlers: ReadonlyMap<EventName, Handler>;
}

/** Who hears of which events. Webhooks come and go while the server runs. */
export class Subscriptions {
  #webhooks: readonly Subscriber[] = [];
  #byName = new Map<EventName, readonly string[]>();

  /** @param fixed subscribers that hear of events as long as the process lives */
  constructor(private readonly fixed: readonly Subscriber[]) {
    this.#arrange();
  }

  /** All subscribers, at most one with an id. */
  get all(): readonly Subscriber[] {
    return [...this.fixed, ...this.#webhooks];
  }

  /** Returns the ids of the subscribers of an event. */
  idsFor(name: EventName): readonly string[] {
    return this.#byName.get(name) ?? [];
  }

  /** Replaces the webhooks. */
  setWebhooks(webhooks: readonly Subscriber[]): void {
    this.#webhooks = webhooks;
    this.#arrange();
  }

  #arrange(): void {
    const byName = new Map<EventName, string[]>();
    for (const { id, handlers } of this.all)
      for (const name of handlers.keys()) byName.set(name, [...(byName.get(name) ?? []), id]);
    this.#byName = byName;
  }
}
