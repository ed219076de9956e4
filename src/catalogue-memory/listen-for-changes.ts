import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Log } from "../runtime/log.ts";
import type { CatalogueMemory } from "./catalogue-memory.ts";

const PING_INTERVAL_MS = 250;
const TRUSTED_MS = 1_000;
const RETRY_MS = 500;
/** How full the queue of notifications may be, of 1; writers leave it alone at twice as much. */
const FILLING = 0.25;
/** Between the parts of a notification. */
const SEPARATOR = "\u001f";

/** What the listener needs. */
export interface ListenerDeps {
  readonly memory: CatalogueMemory;
  /** The address of the database itself, not of a pooler. */
  readonly url: string;
  readonly log: Log;
  /** How long notifications count as arriving after a ping that came back. Default: a second. */
  readonly trustedMs?: number;
}

/**
 * Listens on one connection for changes of the catalogue, and drops what they concern. It pings
 * itself through the database: without an echo in time nothing is served from memory, and it
 * connects anew. Returns the function that stops it.
 */
export function listenForChanges(deps: ListenerDeps): () => Promise<void> {
  const stopped = new AbortController();
  const running = run(deps, stopped.signal);
  return async () => {
    stopped.abort();
    await running;
  };
}

async function run(deps: ListenerDeps, stopped: AbortSignal): Promise<void> {
  const { memory, log } = deps;
  let isReported = false;
  while (!stopped.aborted) {
    try {
      await listen(deps, stopped, () => {
        isReported = false;
      });
    } catch (error) {
      if (!isReported && !stopped.aborted)
        log.warn(
          { event: "catalogue_listener_lost", err: error },
          "Changes of the catalogue do not arrive: nothing is served from memory meanwhile",
        );
      isReported = true;
    } finally {
      memory.suspend();
    }
    await sleep(RETRY_MS, undefined, { signal: stopped }).catch(() => {});
  }
}

/** @throws Error when the connection is lost or no echo arrives in time */
async function listen(
  deps: ListenerDeps,
  stopped: AbortSignal,
  onListening: () => void,
): Promise<void> {
  const client = new pg.Client({
    connectionString: deps.url,
    application_name: "nettle listener",
    connectionTimeoutMillis: 5_000,
  });
  const lost = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new Error("The listener's connection has ended")));
  });
  lost.catch(() => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ channel: string }>(
      "select 'nettle_catalogue:' || md5(quote_ident(current_schema())) as channel",
    );
    // A ping need not wait for the disk, nor have others wait that notify, too.
    await client.query("set synchronous_commit = off");
    await client.query(`listen "${rows[0]?.channel}"`);
    await Promise.race([lost, pingForever(client, deps, stopped, onListening)]);
  } finally {
    client.end().catch(() => {});
    // A half-open socket never answers the farewell.
    const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
    connection.stream.destroy();
  }
}

/** What a ping returns of the database. */
interface Ping {
  /** How full the queue of notifications is, of 1. */
  readonly usage: number;
  /** The transaction that would start next. */
  readonly next: string;
  /** The oldest transaction that runs. */
  readonly oldest: string;
}

const PING = `select pg_notification_queue_usage() as usage,
  pg_snapshot_xmax(pg_current_snapshot())::text as next,
  pg_snapshot_xmin(pg_current_snapshot())::text as oldest,
  nettle_catalogue_notify($1)`;

async function pingForever(
  client: pg.Client,
  { memory, trustedMs = TRUSTED_MS }: ListenerDeps,
  stopped: AbortSignal,
  onListening: () => void,
): Promise<void> {
  const own = ["ping", process.pid, Math.random().toString(36).slice(2)].join(SEPARATOR);
  const distrust = new Distrust();
  let sentAt = performance.now();
  let echoed = true;
  client.on("notification", ({ payload = "" }) => {
    if (payload !== own) return apply(memory, payload);
    echoed = true;
    if (distrust.lasts) return;
    memory.serveUntil(sentAt + trustedMs);
    onListening();
  });
  while (!stopped.aborted) {
    if (echoed) {
      echoed = false;
      sentAt = performance.now();
      client.query<Ping>(PING, [own]).then(
        ({ rows: [ping] }) => {
          if (ping && distrust.after(ping)) memory.suspend();
        },
        () => {},
      );
    } else if (performance.now() - sentAt > trustedMs * 2) {
      throw new Error("The listener's own notification has not come back");
    }
    await sleep(PING_INTERVAL_MS, undefined, { signal: stopped }).catch(() => {});
  }
}

/**
 * Where the database's queue of notifications fills, writers leave it alone, so changes are missed
 * until it is empty again and every transaction of that time has ended.
 */
class Distrust {
  #until: bigint | undefined;

  /** Whether changes may be missed. */
  get lasts(): boolean {
    return this.#until !== undefined;
  }

  /** Returns whether changes may be missed after what a ping returned. */
  after({ usage, next, oldest }: Ping): boolean {
    if (usage >= FILLING) this.#until = BigInt(next);
    else if (this.#until !== undefined && BigInt(oldest) >= this.#until) this.#until = undefined;
    return this.lasts;
  }
}

function apply(memory: CatalogueMemory, payload: string): void {
  const [kind, ...names] = payload.split(SEPARATOR);
  if (kind === "ping") return;
  if (kind === "stock") memory.drop({ stockOf: names });
  else if (kind === "table" && names[0]) memory.drop({ table: names[0] });
  else memory.drop("any");
}
