import type { Knex } from "knex";
import { withLease } from "../concurrency/lease.ts";
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
  /** How long an event is kept from other relays after the last renewal. */
  readonly leaseSeconds?: number;
}

/** How many events one process delivers at once, so that a slow one does not delay the others. */
const MAX_CONCURRENT = 5;
/** Renewed during a delivery. Afterwards another relay may take the event. */
const LEASE_SECONDS = 60;
const MAX_ATTEMPTS = 15;
const MAX_BACKOFF_SECONDS = 3600;

/**
 * Starts delivering events to their subscribers, each at least once, including events of a process
 * that died. Any number of relays may run at once: a relay takes only what it delivers at once, and
 * keeps it from the others as long as the delivery lasts. A failed delivery is retried with
 * exponential backoff; after `MAX_ATTEMPTS` attempts, some hours in all, the event is logged and
 * deleted. Returns a function that stops the relay after its present deliveries.
 */
export function startRelay(knex: Knex, options: RelayOptions): () => Promise<void> {
  const running = new Set<Promise<void>>();
  const stop = poll(() => relay(knex, options, running), options.pollIntervalMs ?? 1000);
  return async () => {
    await stop();
    await Promise.all(running);
  };
}

/** Begins to deliver due events. Returns whether more may be due at once. */
async function relay(
  knex: Knex,
  options: RelayOptions,
  running: Set<Promise<void>>,
): Promise<boolean> {
  const free = MAX_CONCURRENT - running.size;
  try {
    const taken = await takeDueEvents(knex, free, options.leaseSeconds ?? LEASE_SECONDS);
    for (const event of taken) {
      const delivery = deliver(knex, event, options).finally(() => running.delete(delivery));
      running.add(delivery);
    }
    if (taken.length < free) return false;
    await Promise.race(running);
    return true;
  } catch (error) {
    logUnavailable(options.log, error);
    return false;
  }
}

function logUnavailable(log: Log, error: unknown): void {
  log.warn({ event: "outbox_unavailable", err: error }, "The outbox could not be read or changed");
}

/** Never rejects: what fails is logged, and the event becomes due again when its lease ends. */
async function deliver(knex: Knex, event: TakenEvent, options: RelayOptions): Promise<void> {
  const seconds = options.leaseSeconds ?? LEASE_SECONDS;
  try {
    await withLease(
      () => postponeEvent(knex, event, seconds),
      () => deliverOnce(knex, event, options),
    );
  } catch (error) {
    logUnavailable(options.log, error);
  }
}

async function deliverOnce(
  knex: Knex,
  event: TakenEvent,
  { subscribers, log }: RelayOptions,
): Promise<void> {
  const { id, name, data, attempts } = event;
  try {
    for (const subscriber of subscribers[name] ?? []) await subscriber({ name, data });
  } catch (error) {
    const about = { eventId: id, eventName: name, attempts, ...classAndCode(error) };
    log.error({ event: "event_delivery_failed", ...about }, "A subscriber of an event failed");
    if (attempts < MAX_ATTEMPTS)
      return postponeEvent(knex, event, Math.min(2 ** attempts, MAX_BACKOFF_SECONDS));
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
