import type { Knex } from "knex";
import type { Log } from "../log.ts";
import { repeat } from "../repeat.ts";
import type { ShopEvent } from "./events.ts";
import { forgetEvent, putOffEvent, type TakenEvent, takeDueEvents } from "./outbox-queries.ts";

/** Does something about an event; it may hear of one more than once. */
export type Subscriber = (event: ShopEvent) => Promise<void>;

/** Who wants to hear of which events, by their names. */
export type Subscribers = Readonly<Record<string, readonly Subscriber[]>>;

interface RelayOptions {
  readonly subscribers: Subscribers;
  readonly log: Log;
  /** How long to wait for new events, in milliseconds. */
  readonly pause?: number;
}

const AT_ONCE = 20;
/** Longer than any subscriber takes; then another relay may try. */
const TAKEN_SECONDS = 120;
const MOST_ATTEMPTS = 15;
const LONGEST_PAUSE_SECONDS = 3600;

/**
 * Tells the subscribers of every event at least once, also of those that a process which died left behind. Any number of relays may run. One that
 * fails is told again, later and later, and given up in the log after some hours. Gives the function that stops it after what it is at.
 */
export function startRelay(knex: Knex, { subscribers, log, pause = 1000 }: RelayOptions): () => Promise<void> {
  return repeat(() => relay(knex, subscribers, log), pause);
}

/** One round; whether there may be more at once. */
async function relay(knex: Knex, subscribers: Subscribers, log: Log): Promise<boolean> {
  try {
    const taken = await takeDueEvents(knex, AT_ONCE, TAKEN_SECONDS);
    for (const event of taken) await tell(knex, event, subscribers, log);
    return taken.length === AT_ONCE;
  } catch (error) {
    log.warn({ err: error }, "Events wait: the outbox cannot be read");
    return false;
  }
}

async function tell(knex: Knex, event: TakenEvent, subscribers: Subscribers, log: Log): Promise<void> {
  const { id, name, data, attempts } = event;
  try {
    for (const subscriber of subscribers[name] ?? []) await subscriber({ name, data });
  } catch (error) {
    // What an event tells may be secret, so neither it nor an error's own words about it are logged with it.
    log.error({ event: id, name, attempts, reason: error instanceof Error ? error.message : "unknown" }, "A subscriber failed");
    if (attempts < MOST_ATTEMPTS) return putOffEvent(knex, id, Math.min(2 ** attempts, LONGEST_PAUSE_SECONDS));
    log.error({ event: id, name }, "The event is given up");
  }
  await forgetEvent(knex, id);
}
