import cluster, { type Worker } from "node:cluster";
import { type IncrementResponse, MemoryStore, type Options, type Store } from "express-rate-limit";

/**
 * Worker processes of one server count attempts together, in their primary process: a limit would
 * otherwise grow with their number. These are the messages between them.
 */
interface CountMessage {
  readonly nettle: "count";
  readonly id: number;
  /** The name of the counter. */
  readonly name: string;
  readonly windowMs: number;
  readonly key: string;
  readonly by: 1 | -1;
}

interface CountedMessage {
  readonly nettle: "counted";
  readonly id: number;
  readonly hits: number;
  /** The end of the window, in milliseconds since 1970. */
  readonly resetsAt: number | undefined;
}

/** Counts for the worker processes of this primary process. */
export function countForWorkers(): void {
  const stores = new Map<string, MemoryStore>();
  const storeOf = ({ name, windowMs }: CountMessage) => {
    const store = stores.get(name) ?? new MemoryStore();
    if (!stores.has(name)) store.init({ windowMs } as Options);
    stores.set(name, store);
    return store;
  };
  cluster.on("message", (worker: Worker, message: unknown) => {
    if (!isAbout<CountMessage>("count", message)) return;
    void count(storeOf(message), message).then((counted) =>
      // It may have ended meanwhile.
      worker.send(counted, () => undefined),
    );
  });
}

async function count(store: MemoryStore, { id, key, by }: CountMessage): Promise<CountedMessage> {
  if (by < 0) await store.decrement(key);
  const counted = by > 0 ? await store.increment(key) : undefined;
  return {
    nettle: "counted",
    id,
    hits: counted?.totalHits ?? 0,
    resetsAt: counted?.resetTime?.getTime(),
  };
}

type Waiting = { resolve: (counted: CountedMessage) => void; reject: (error: Error) => void };

const waiting = new Map<number, Waiting>();
let lastId = 0;
let isListening = false;

/** Returns the store of a worker process: it counts in the primary process. */
export function primaryStore(name: string): Store {
  let windowMs = 0;
  if (!isListening) process.on("message", receive);
  isListening = true;
  return {
    init: (options) => {
      windowMs = options.windowMs;
    },
    increment: async (key) => toResponse(await ask(name, windowMs, key, 1)),
    decrement: async (key) => void (await ask(name, windowMs, key, -1)),
    resetKey: () => undefined,
  };
}

function ask(name: string, windowMs: number, key: string, by: 1 | -1): Promise<CountedMessage> {
  const message: CountMessage = { nettle: "count", id: lastId++, name, windowMs, key, by };
  return new Promise((resolve, reject) => {
    waiting.set(message.id, { resolve, reject });
    process.send!(message, undefined, undefined, (error) => {
      if (!error) return;
      waiting.delete(message.id);
      reject(error);
    });
  });
}

function receive(message: unknown): void {
  if (!isAbout<CountedMessage>("counted", message)) return;
  waiting.get(message.id)?.resolve(message);
  waiting.delete(message.id);
}

function toResponse({ hits, resetsAt }: CountedMessage): IncrementResponse {
  return { totalHits: hits, resetTime: resetsAt === undefined ? undefined : new Date(resetsAt) };
}

function isAbout<M extends CountMessage | CountedMessage>(
  subject: M["nettle"],
  message: unknown,
): message is M {
  return (message as Partial<M> | null)?.nettle === subject;
}
