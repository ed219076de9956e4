import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { withLease } from "../concurrency/lease.ts";
import { poll } from "../concurrency/poll.ts";
import { commandLine } from "../runtime/command-line.ts";
import { runForRequest } from "../runtime/current-request.ts";
import type { Log } from "../runtime/log.ts";
import {
  type Delivery,
  deleteDelivery,
  recordFailure,
  renewDelivery,
  takeDueDeliveries,
} from "./delivery-queries.ts";
import type { Subscriber, Subscriptions } from "./subscriptions.ts";

interface RelayOptions {
  readonly subscriptions: Pick<Subscriptions, "all">;
  readonly log: Log;
  /** How long a delivery is tried again, in hours, before it becomes a dead letter. */
  readonly retryHours: number;
  /** The pause while nothing is due, in milliseconds. */
  readonly pollIntervalMs?: number;
  /** How long a delivery is kept from other relays after the last renewal. */
  readonly leaseSeconds?: number;
}

/**
 * How many deliveries a process makes to one subscriber at once: a slow one does not delay the
 * others of this subscriber, and never those of another.
 */
const MAX_CONCURRENT = 5;
/** Renewed during a delivery. Afterwards another relay may take it. */
const LEASE_SECONDS = 60;
/** What waited behind another delivery for the whole time is tried so often all the same. */
const MIN_ATTEMPTS = 3;
const POLL_INTERVAL_MS = 1000;
const MAX_BACKOFF_SECONDS = 3600;
const MAX_ERROR_LENGTH = 500;

/** The deliveries that a process makes at present, of each subscriber. */
type Running = Map<string, Set<Promise<void>>>;

/**
 * Starts delivering events to their subscribers, each at least once, including those of a process
 * that died. Any number of relays may run at once: a relay takes only what it delivers at once, and
 * keeps it from the others as long as the delivery lasts. A subscriber receives the events of one
 * aggregate in their order. A failed delivery is retried with exponential backoff, and becomes a
 * dead letter in the end. Returns a function that stops the relay after its present deliveries.
 */
export function startRelay(knex: Knex, options: RelayOptions): () => Promise<void> {
  const running: Running = new Map();
  const stopping = new AbortController();
  const interval = options.pollIntervalMs ?? POLL_INTERVAL_MS;
  const stop = poll(async () => {
    await relay(knex, options, running);
    const deliveries = allOf(running);
    if (deliveries.length === 0) return false;
    // The end of a delivery makes room, and what waits behind it becomes due.
    await firstOf(deliveries, interval, stopping.signal);
    return true;
  }, interval);
  return async () => {
    stopping.abort();
    await stop();
    await Promise.all(allOf(running));
  };
}

function allOf(running: Running): Promise<void>[] {
  return [...running.values()].flatMap((deliveries) => [...deliveries]);
}

async function firstOf(
  deliveries: readonly Promise<void>[],
  ms: number,
  stopping: AbortSignal,
): Promise<void> {
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, stopping]);
  const interval = sleep(ms, undefined, { signal }).catch(() => undefined);
  await Promise.race([...deliveries, interval]);
  enough.abort();
}

/** Begins the deliveries that are due and have room. */
async function relay(knex: Knex, options: RelayOptions, running: Running): Promise<void> {
  const subscribers = new Map(options.subscriptions.all.map((one) => [one.id, one]));
  const room = new Map<string, number>();
  for (const id of subscribers.keys()) {
    const free = MAX_CONCURRENT - (running.get(id)?.size ?? 0);
    if (free > 0) room.set(id, free);
  }
  if (room.size === 0) return;
  try {
    const taken = await takeDueDeliveries(knex, room, options.leaseSeconds ?? LEASE_SECONDS);
    // `returning` has no order.
    for (const delivery of taken.toSorted((one, other) => Number(one.id) - Number(other.id)))
      begin(knex, subscribers.get(delivery.subscriber)!, delivery, options, running);
  } catch (error) {
    logUnavailable(options.log, error);
  }
}

function begin(
  knex: Knex,
  subscriber: Subscriber,
  delivery: Delivery,
  options: RelayOptions,
  running: Running,
): void {
  const deliveries = running.get(subscriber.id) ?? new Set();
  running.set(subscriber.id, deliveries);
  const run = () => deliver(knex, subscriber, delivery, options);
  const delivering = runForRequest(delivery.request_id, run).finally(() => {
    deliveries.delete(delivering);
    if (deliveries.size === 0) running.delete(subscriber.id);
  });
  deliveries.add(delivering);
}

function logUnavailable(log: Log, error: unknown): void {
  log.warn({ event: "outbox_unavailable", err: error }, "The outbox could not be read or changed");
}

/** Never rejects: what fails is logged, and the delivery becomes due again when its lease ends. */
async function deliver(
  knex: Knex,
  subscriber: Subscriber,
  delivery: Delivery,
  options: RelayOptions,
): Promise<void> {
  const seconds = options.leaseSeconds ?? LEASE_SECONDS;
  try {
    await withLease(
      () => renewDelivery(knex, delivery, seconds),
      () => deliverOnce(knex, subscriber, delivery, options),
    );
  } catch (error) {
    logUnavailable(options.log, error);
  }
}

async function deliverOnce(
  knex: Knex,
  { handlers }: Subscriber,
  delivery: Delivery,
  { log, retryHours }: RelayOptions,
): Promise<void> {
  const { id, event_id: eventId, name, data, attempts, subscriber } = delivery;
  const createdAt = new Date(delivery.created_at);
  const start = performance.now();
  try {
    // A webhook may have given up an event that was written for it before.
    await handlers.get(name)?.({ id: eventId, name, data, createdAt, attempt: attempts } as never);
  } catch (error) {
    const about = { eventId, eventName: name, subscriber, attempts, ...classAndCode(error) };
    log.error({ event: "event_delivery_failed", ...about }, "A subscriber of an event failed");
    const isDead = await recordFailure(knex, delivery, {
      error: messageOf(error),
      seconds: Math.min(2 ** attempts, MAX_BACKOFF_SECONDS),
      hours: retryHours,
      minAttempts: MIN_ATTEMPTS,
    });
    if (isDead)
      log.error(
        { event: "event_dead", ...about },
        `An event failed too often and is a dead letter: see ${commandLine("events")}`,
      );
    return;
  }
  const ms = Math.round(performance.now() - start);
  const about = { eventId, eventName: name, subscriber, attempts, ms };
  log.info({ event: "event_delivered", ...about }, `${name} was delivered to ${subscriber}`);
  await deleteDelivery(knex, id);
}

/** For the dead letters, which hold the event's data too. */
function messageOf(error: unknown): string {
  const { error: name, code } = classAndCode(error);
  const message = error instanceof Error ? error.message : String(error);
  return `${code ?? name}: ${message}`.slice(0, MAX_ERROR_LENGTH).replaceAll("\0", "");
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
