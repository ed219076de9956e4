import { createHash } from "node:crypto";
import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import type { ClientBase } from "pg";

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
/** The configurations of pools whose pooler cannot keep prepared statements. */
const withoutNames = new WeakSet<object>();

/** Sends every statement of this pool unnamed, for poolers that cannot keep prepared statements. */
export function neverPrepare(knex: Knex): void {
  withoutNames.add(knex.client.config);
}

/**
 * Runs a prepared statement and returns its rows. It is planned once on each connection. Within a
 * transaction it runs on the transaction's connection.
 */
export async function queryPrepared<R>(
  connection: Knex,
  statement: PreparedText,
  values: readonly unknown[],
): Promise<R[]> {
  const client = (await connection.client.acquireConnection()) as ClientBase;
  try {
    if (withoutNames.has(connection.client.config))
      return (await client.query(statement.text, [...values])).rows as R[];
    const statements = statementCaches.get(client) ?? addStatementCache(client);
    await deallocate(client, statements.evicted.splice(0));
    const result = await client.query({
      name: statement.name,
      text: statement.text,
      values: [...values],
    });
    statements.names.set(statement.name, statement.text.length);
    return result.rows as R[];
  } finally {
    await connection.client.releaseConnection(client);
  }
}

/**
 * Runs a statement that is planned for this once, since its text may never come again. Nothing of
 * it stays in the connection's memory.
 */
export async function queryUnprepared<R>(
  connection: Knex,
  text: string,
  values: readonly unknown[],
): Promise<R[]> {
  const client = (await connection.client.acquireConnection()) as ClientBase;
  try {
    return (await client.query(text, [...values])).rows as R[];
  } finally {
    await connection.client.releaseConnection(client);
  }
}

async function deallocate(client: ClientBase, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await client.query(names.map((name) => `deallocate "${name}"`).join("; "));
  // pg knows the statements of a connection by a property that its types do not declare.
  const known = (
    client as unknown as { connection?: { parsedStatements?: Record<string, string> } }
  ).connection?.parsedStatements;
  for (const name of names) delete known?.[name];
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
