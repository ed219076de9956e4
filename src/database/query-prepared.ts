import { createHash } from "node:crypto";
import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import type { ClientBase } from "pg";
import { isPooled } from "./pooled-connection.ts";
import { holdUntilAllAreSent, withClient } from "./send-together.ts";

/**
 * A statement's text and the name under which it is prepared. The same text has the same name on
 * every connection.
 */
export interface PreparedText {
  readonly text: string;
  readonly name: string;
}

/** Names a statement by the hash of its text. Callers keep the result for long texts. */
export function prepareText(text: string): PreparedText {
  return { text, name: `n${createHash("sha1").update(text).digest("base64url")}` };
}

/** More statements on a connection deallocate the least recently used one. */
const MAX_PREPARED_PER_CONNECTION = 200;
/**
 * How many characters they have together. The plan of a statement takes some hundred bytes a
 * character.
 */
const MAX_PREPARED_TEXT = 256_000;

interface StatementCache {
  /** The length of each statement's text, by its name. */
  readonly names: LRUCache<string, number>;
  readonly evicted: string[];
}

const statementCaches = new WeakMap<object, StatementCache>();

/**
 * Whether statements are prepared under names. `auto`: on connections that pass no pooler, since
 * many poolers hand a prepared statement to another connection than the one that executes it.
 */
export type Preparing = "auto" | "on" | "off";

/** By the configuration of a pool, which its views share. */
const preparing = new WeakMap<object, Preparing>();

/** Sets whether the statements of this pool are prepared. */
export function setPreparing(knex: Knex, when: Preparing): void {
  preparing.set(knex.client.config, when);
}

function isPreparing(connection: Knex, client: ClientBase): boolean {
  const when = preparing.get(connection.client.config) ?? "auto";
  return when === "on" || (when === "auto" && !isPooled(client));
}

/**
 * Runs a prepared statement and returns its rows. It is planned once on each connection. Within a
 * transaction it runs on the transaction's connection.
 */
export function queryPrepared<R>(
  connection: Knex,
  { name, text }: PreparedText,
  values: readonly unknown[],
): Promise<R[]> {
  return withClient(connection, async (client) => {
    holdUntilAllAreSent(client);
    if (!isPreparing(connection, client))
      return (await client.query(text, [...values])).rows as R[];
    const statements = statementCaches.get(client) ?? addStatementCache(client);
    // Sent at once, so that statements which begin together run in the order of their beginning.
    const deallocated = deallocate(client, statements.evicted.splice(0));
    const [result] = await Promise.all([
      client.query({ name, text, values: [...values] }),
      deallocated,
    ]);
    statements.names.set(name, text.length);
    return result.rows as R[];
  });
}

/**
 * Runs a statement that is planned for this once, since its text may never come again. Nothing of
 * it stays in the connection's memory.
 */
export function queryUnprepared<R>(
  connection: Knex,
  text: string,
  values: readonly unknown[],
): Promise<R[]> {
  return withClient(connection, async (client) => {
    holdUntilAllAreSent(client);
    return (await client.query(text, [...values])).rows as R[];
  });
}

async function deallocate(client: ClientBase, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const done = client.query(names.map((name) => `deallocate "${name}"`).join("; "));
  // pg knows the statements of a connection by a property that its types do not declare.
  const known = (
    client as unknown as { connection?: { parsedStatements?: Record<string, string> } }
  ).connection?.parsedStatements;
  for (const name of names) delete known?.[name];
  await done;
}

function addStatementCache(client: ClientBase): StatementCache {
  const evicted: string[] = [];
  const names = new LRUCache<string, number>({
    max: MAX_PREPARED_PER_CONNECTION,
    maxSize: MAX_PREPARED_TEXT,
    sizeCalculation: (length) => Math.max(1, length),
    dispose: (_, name, reason) => {
      if (reason === "evict") evicted.push(name);
    },
  });
  const statements = { names, evicted };
  statementCaches.set(client, statements);
  return statements;
}
