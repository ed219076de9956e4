import type { Knex } from "knex";
import type pg from "pg";

/** The triggers of the catalogue's tables, which are alike, count once. */
const KEY_LENGTH = 70;

type Callback = (error: Error | null, result?: unknown) => void;

/**
 * Ends every connection of a pool, as the death of its process would, as soon as a statement that
 * is not in `seen` has been executed, and adds it there. Later statements fail. Statements that
 * change nothing do not count. Returns whether that has happened.
 */
export function killAfterStatement(knex: Knex, seen: Set<string>): () => boolean {
  const connections: pg.Client[] = [];
  let isDead = false;
  const die = () => {
    isDead = true;
    for (const connection of connections) socketOf(connection).destroy();
  };
  const connect = knex.client.acquireRawConnection.bind(knex.client);
  knex.client.acquireRawConnection = async () => {
    const connection: pg.Client = await connect();
    connection.on("error", () => undefined);
    connections.push(connection);
    const query = connection.query.bind(connection) as (...words: unknown[]) => Promise<unknown>;
    let last = "";
    connection.query = ((statement: string | { text: string; values?: unknown[] }, ...rest: []) => {
      const callback = rest.at(-1) as Callback | undefined;
      const text = typeof statement === "string" ? statement : statement.text;
      const values = typeof statement === "string" ? "" : JSON.stringify(statement.values);
      // A COMMIT is one of many, and times and ids are others in each run.
      const key = /^commit/i.test(text)
        ? `${text} after ${last}`
        : text.trim().slice(0, KEY_LENGTH) +
          values?.replaceAll(/"(\d{4}-\d\d-\d\dT|[a-z]+_[0-9A-Z]{26})[^"]*"/g, "");
      last = key;
      const run = async () => {
        if (isDead) throw new Error("The process is dead");
        const result = await query(statement);
        if (isDead) throw new Error("The process is dead");
        if (seen.has(key) || changesNothing(text)) return result;
        seen.add(key);
        die();
        throw new Error("The process is dead");
      };
      if (typeof callback !== "function") return run();
      run().then(
        (result) => callback(null, result),
        (error: Error) => callback(error),
      );
      return undefined;
    }) as typeof connection.query;
    return connection;
  };
  return () => isDead;
}

const socketOf = (connection: pg.Client) =>
  (connection as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;

const changesNothing = (text: string) =>
  /^\s*(begin|set|(select|show)\b(?!.* nettle_search))/is.test(text);
