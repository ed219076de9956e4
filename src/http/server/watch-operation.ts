import type { Registry } from "prom-client";
import type { LoggedEvent } from "../../runtime/logged-events.ts";

/** What an operator watches beside the requests. */
export interface Operation {
  /** The pool of connections to the database. */
  readonly pool: ConnectionPool;
  /** Reads what waits in the database to be done. */
  readonly readBacklog: () => Promise<readonly Backlog[]>;
  /** Returns which warnings and errors were logged. */
  readonly loggedEvents: () => Iterable<LoggedEvent>;
}

/** The part of Knex's pool that is measured. */
interface ConnectionPool {
  readonly max: number;
  numUsed(): number;
  numFree(): number;
  /** How many wait for a connection. */
  numPendingAcquires(): number;
}

/** What waits in one queue. */
export interface Backlog {
  readonly queue: string;
  readonly count: number;
  /** How long the oldest entry waits. */
  readonly oldestSeconds: number;
}

/** Adds what an operator watches to the metrics of the process. */
export async function watchOperation(
  registry: Registry,
  { pool, readBacklog, loggedEvents }: Operation,
): Promise<void> {
  await watchPool(registry, pool);
  await watchBacklog(registry, readBacklog);
  const { Counter } = await import("prom-client");
  new Counter({
    name: "nettle_log_events_total",
    help: "Lines of the log that are warnings or worse, by level and event",
    labelNames: ["level", "event"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { level, event, count } of loggedEvents()) this.inc({ level, event }, count);
    },
  });
}

async function watchPool(registry: Registry, pool: ConnectionPool): Promise<void> {
  const { Gauge } = await import("prom-client");
  const registers = [registry];
  new Gauge({
    name: "nettle_database_connections",
    help: "Connections to the database: used, free, and the maximum (DATABASE_POOL_MAX)",
    labelNames: ["state"],
    registers,
    collect() {
      this.set({ state: "used" }, pool.numUsed());
      this.set({ state: "free" }, pool.numFree());
      this.set({ state: "max" }, pool.max);
    },
  });
  new Gauge({
    name: "nettle_database_waiting",
    help: "Requests and background work that wait for a connection to the database",
    registers,
    collect() {
      this.set(pool.numPendingAcquires());
    },
  });
}

/** Every process reads the same queues, so that theirs are not added up. */
async function watchBacklog(registry: Registry, read: Operation["readBacklog"]): Promise<void> {
  const { Gauge } = await import("prom-client");
  const registers = [registry];
  const common = { labelNames: ["queue"] as const, registers, aggregator: "max" as const };
  const readOnce = shared(() => read().catch((): readonly Backlog[] => []));
  new Gauge({
    ...common,
    name: "nettle_backlog",
    help: "What waits in the database to be done; absent while it cannot be read",
    async collect() {
      const found = await readOnce();
      this.reset();
      for (const { queue, count } of found) this.set({ queue }, count);
    },
  });
  new Gauge({
    ...common,
    name: "nettle_backlog_oldest_seconds",
    help: "How long the oldest entry of a queue waits",
    async collect() {
      const found = await readOnce();
      this.reset();
      for (const { queue, oldestSeconds } of found) this.set({ queue }, oldestSeconds);
    },
  });
}

/** Returns a function whose calls share one that is under way. */
function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
