import type { Knex } from "knex";
import { poll } from "../concurrency/poll.ts";
import type { Log } from "../runtime/log.ts";
import type { ShopEvent } from "./events.ts";
import { deleteEvent, postponeEvent, type TakenEvent, takeDueEvents } from "./outbox-queries.ts";

/** Handles an event. It may receive the same event more than once. */
export type Subscriber = (event: ShopEvent) => Promise<void>;

/** The subscribers of each event, by the event's name. */
export type Subscribers = Readonly<Record<string, readonly Subscriber[]>>;

interface RelayOptions {
  readonly subscribers: Subscribers;
  readonly log: Log;
  /** The pause while the outbox is empty, in milliseconds. */
  readonly pollIntervalMs?: number;
}

const BATCH_SIZE = 20;
/** Must be longer than any subscriber takes; afterwards another relay may take the event. */
const LEASE_SECONDS = 120;
const MAX_ATTEMPTS = 15;
const MAX_BACKOFF_SECONDS = 3600;

/**
 * Starts delivering events to their subscribers, each at least once, including events of a process
 * that died. Any number of relays may run at once. A failed delivery is retried with exponential
 * backoff; after `MAX_ATTEMPTS` attempts, some hours in all, the event is logged and deleted.
 * Returns a function that stops the relay after its present round.
 */
export function startRelay(
  knex: Knex,
  { subscribers, log, pollIntervalMs = 1000 }: RelayOptions,
): () => Promise<void> {
  return poll(() => relay(knex, subscribers, log), pollIntervalMs);
}

/** Delivers one batch of events. Returns whether more may be due at once. */
async function relay(knex: Knex, subscribers: Subscribers, log: Log): Promise<boolean> {
  try {
    const taken = await takeDueEvents(knex, BATCH_SIZE, LEASE_SECONDS);
    for (const event of taken) await deliver(knex, event, subscribers, log);
    return taken.length === BATCH_SIZE;
  } catch (error) {
    log.warn({ event: "outbox_read_failed", err: error }, "The outbox could not be read");
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
    const about = { eventId: id, eventName: name, attempts, ...classAndCode(error) };
    log.error({ event: "event_delivery_failed", ...about }, "A subscriber of an event failed");
    if (attempts < MAX_ATTEMPTS)
      return postponeEvent(knex, id, Math.min(2 ** attempts, MAX_BACKOFF_SECONDS));
    log.error({ event: "event_abandoned", ...about }, "An event failed too often and is deleted");
  }
  await deleteEvent(knex, id);
}

/**
 * Returns the only parts of an error that are safe to log. An event's data may be secret, and an
 * error's message may repeat it: those of mail servers contain addresses.
 */
function classAndCode(error: unknown): { readonly error: string; readonly code?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { readonly code?: unknown }).code;
  return { error: error.constructor.name, ...(typeof code === "string" && { code }) };
}
