import type { Knex } from "knex";
import { poll } from "../concurrency/poll.ts";
import type { Log } from "../runtime/log.ts";
import type { ShopEvent } from "./events.ts";
import { deleteEvent, postponeEvent, type TakenEvent, takeDueEvents } from "./outbox-queries.ts";

/** Does something about an event; it may hear of one more than once. */
export type Subscriber = (event: ShopEvent) => Promise<void>;

/** Who wants to hear of which events, by their names. */
export type Subscribers = Readonly<Record<string, readonly Subscriber[]>>;

interface RelayOptions {
  readonly subscribers: Subscribers;
  readonly log: Log;
  /** How long to wait for new events, in milliseconds. */
  readonly pollIntervalMs?: number;
}

const BATCH_SIZE = 20;
/** Longer than any subscriber takes; then another relay may try. */
const LEASE_SECONDS = 120;
const MAX_ATTEMPTS = 15;
const MAX_BACKOFF_SECONDS = 3600;

/**
 * Tells the subscribers of every event at least once, also of those that a process which died left
 * behind. Any number of relays may run. One that fails is told again, later and later, and given up
 * in the log after some hours. Gives the function that stops it after what it is at.
 */
export function startRelay(
  knex: Knex,
  { subscribers, log, pollIntervalMs = 1000 }: RelayOptions,
): () => Promise<void> {
  return poll(() => relay(knex, subscribers, log), pollIntervalMs);
}

/** One round; whether there may be more at once. */
async function relay(knex: Knex, subscribers: Subscribers, log: Log): Promise<boolean> {
  try {
    const taken = await takeDueEvents(knex, BATCH_SIZE, LEASE_SECONDS);
    for (const event of taken) await deliver(knex, event, subscribers, log);
    return taken.length === BATCH_SIZE;
  } catch (error) {
    log.warn({ err: error }, "Events wait: the outbox cannot be read");
    return false;
  }
}

async function deliver(
  knex: Knex,
  event: TakenEvent,
  subscribers: Subscribers,
  log: Log,
): Promise<void> {
  const { id, name, data, attempts } = event;
  try {
    for (const subscriber of subscribers[name] ?? []) await subscriber({ name, data });
  } catch (error) {
    // What an event tells may be secret, so neither it nor an error's own words about it are logged
    // with it.
    log.error(
      { event: id, name, attempts, reason: error instanceof Error ? error.message : "unknown" },
      "A subscriber failed",
    );
    if (attempts < MAX_ATTEMPTS)
      return postponeEvent(knex, id, Math.min(2 ** attempts, MAX_BACKOFF_SECONDS));
    log.error({ event: id, name }, "The event is given up");
  }
  await deleteEvent(knex, id);
}
