import type { Knex } from "knex";
import type { ClientBase } from "pg";
import { isPooled } from "./pooled-connection.ts";

/** The connections of transactions, and of statements that travel together. */
const pinned = new WeakMap<object, ClientBase | "ended">();

/** Returns the same pool, but each statement runs on this connection, which is acquired already. */
export function pinnedTo(connection: Knex, client: ClientBase): Knex {
  const pool = Object.create(connection.client, {
    acquireConnection: { value: async () => clientOf(pinnedView) },
    releaseConnection: { value: async () => undefined },
  });
  // A pool is a function whose properties work on its `context`, which knex's types do not declare.
  const context = Object.create(Reflect.get(connection, "context"), { client: { value: pool } });
  const view = Object.defineProperty(
    (table: string) => context.queryBuilder().table(table),
    "context",
    {
      value: context,
    },
  );
  const pinnedView = Object.setPrototypeOf(view, connection) as Knex;
  pinned.set(pinnedView, client);
  return pinnedView;
}

/** From now on no statement runs by this view: its transaction has ended. */
export function endPin(pinnedView: Knex): void {
  pinned.set(pinnedView, "ended");
}

function clientOf(connection: Knex): ClientBase | undefined {
  const client = pinned.get(connection);
  if (client === "ended") throw new Error("The transaction of this statement has ended");
  return client;
}

/**
 * Calls `send` with a connection of the pool, or with the connection of a transaction. There it is
 * called at once, so that statements are sent in the order in which they are called.
 */
export async function withClient<T>(
  connection: Knex,
  send: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const own = clientOf(connection);
  if (own) return send(own);
  const client = (await connection.client.acquireConnection()) as ClientBase;
  try {
    return await send(client);
  } finally {
    await connection.client.releaseConnection(client);
  }
}

/**
 * Sends the statements that `begin` starts at once on one connection, in one packet, and waits for
 * all of them. None may depend on the result of another. They run in their order, each with a
 * snapshot of its own. `keepsSettings` says whether a setting made by one is there for the next,
 * which it is not behind a pooler.
 * @throws what the first of them throws, in the order of the list
 */
export function sendTogether<T extends readonly unknown[]>(
  connection: Knex,
  begin: (
    connection: Knex,
    keepsSettings: boolean,
  ) => { readonly [K in keyof T]: PromiseLike<T[K]> },
): Promise<T> {
  return withClient(connection, async (client) => {
    const results = await Promise.allSettled(
      begin(pinnedTo(connection, client), !isPooled(client)),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    const values = results.map((result) => (result.status === "fulfilled" ? result.value : null));
    return values as unknown as T;
  });
}

const held = new WeakSet<object>();

/**
 * Writes to the socket once for all statements that begin before this process waits for anything:
 * each write is a system call. To be called before each statement.
 */
export function holdUntilAllAreSent(client: ClientBase): void {
  if (held.has(client)) return;
  // pg's types do not declare the socket of a connection.
  const { connection } = client as unknown as {
    readonly connection: { readonly stream: { cork(): void; uncork(): void } };
  };
  held.add(client);
  connection.stream.cork();
  process.nextTick(() => {
    held.delete(client);
    connection.stream.uncork();
  });
}

/**
 * Defers the error of a read until its value is asked for: returns a function that returns the
 * value or throws. So a read may travel with those that decide whether it counts.
 */
export function deferError<T>(read: Promise<T>): Promise<() => T> {
  return read.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
}
