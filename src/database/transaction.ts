import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { ClientBase, QueryResult } from "pg";
import { endPin, holdUntilAllAreSent, pinnedTo } from "./send-together.ts";

/** A connection with an open transaction. Functions that write ask for this type. */
export type Transaction = Knex.Transaction;

const ROLLBACK_SECONDS = 5;

/** The statements of a transaction that nothing has waited for yet. */
class SentAhead {
  readonly #failures: Promise<{ readonly error: unknown } | undefined>[] = [];
  #committed: Promise<QueryResult> | undefined;
  #afterwards: Knex | undefined;
  readonly #onEnd: (() => void)[] = [];

  constructor(
    private readonly client: ClientBase,
    private readonly trx: Transaction,
  ) {
    this.add(control(client, "BEGIN;"));
  }

  /** Sends COMMIT, unless it was sent. No statement may follow. */
  commit(): Promise<QueryResult> {
    if (!this.#committed) {
      this.#committed = control(this.client, "COMMIT;");
      this.add(this.#committed);
      endPin(this.trx);
    }
    return this.#committed;
  }

  add(sent: Promise<unknown>): void {
    const failure = sent.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    this.#failures.push(failure);
  }

  onEnd(callback: () => void): void {
    this.#onEnd.push(callback);
  }

  /** Ends the use of the connection. */
  end(): void {
    for (const callback of this.#onEnd.splice(0)) callback();
    endPin(this.trx);
    if (this.#afterwards) endPin(this.#afterwards);
  }

  /** Returns the same connection for statements behind COMMIT. */
  afterwards(database: Knex): Knex {
    this.#afterwards ??= pinnedTo(database, this.client);
    return this.#afterwards;
  }

  /** Waits for all of them. Returns the error of the first that was sent, of those that failed. */
  async failure(): Promise<{ readonly error: unknown } | undefined> {
    const failures = await Promise.all(this.#failures);
    return failures.find((failure) => failure !== undefined);
  }
}

const sentAhead = new WeakMap<object, SentAhead>();

/**
 * Sends a statement of a transaction without waiting for it: it travels with the next one that is
 * waited for, or with COMMIT. If it fails, the transaction fails with its error.
 */
export function sendAhead(trx: Transaction, statement: Promise<unknown>): void {
  sentAhead.get(trx)!.add(statement);
}

/**
 * Sends COMMIT behind the statements that were sent, without waiting for them. The transaction
 * fails if one of them fails, and with it what is read afterwards. No other result of theirs may be
 * needed to decide whether to commit. Returns the connection for reading what is committed.
 */
export function commitAhead(database: Knex, trx: Transaction): Knex {
  const sent = sentAhead.get(trx)!;
  sent.commit();
  return sent.afterwards(database);
}

/** Calls `callback` when the transaction has ended, either way. */
export function onEnd(trx: Transaction, callback: () => void): void {
  sentAhead.get(trx)!.onEnd(callback);
}

/**
 * Runs `execute` in one transaction and returns its result. BEGIN travels with the first statement,
 * COMMIT with the last ones that nothing waits for. Everything is rolled back when it throws, or
 * when a statement failed that was sent ahead.
 */
export async function inTransaction<T>(
  database: Knex,
  execute: (trx: Transaction) => Promise<T>,
): Promise<T> {
  const client = (await database.client.acquireConnection()) as ClientBase;
  try {
    return await runOn(client, pinnedTo(database, client) as Transaction, execute);
  } finally {
    await database.client.releaseConnection(client);
  }
}

async function runOn<T>(
  client: ClientBase,
  trx: Transaction,
  execute: (trx: Transaction) => Promise<T>,
): Promise<T> {
  const sent = new SentAhead(client, trx);
  sentAhead.set(trx, sent);
  try {
    const result = await execute(trx);
    const committed = sent.commit();
    const failed = await sent.failure();
    if (failed) throw failed.error;
    // After a failed statement COMMIT rolls back, and that is no error for PostgreSQL.
    if ((await committed).command !== "COMMIT")
      throw new Error("The transaction was rolled back, since one of its statements had failed");
    return result;
  } catch (error) {
    sent.end();
    await rollBack(client);
    // What failed first is the reason; the others fail because of it.
    const failed = await sent.failure();
    throw failed ? failed.error : error;
  } finally {
    sent.end();
  }
}

function control(client: ClientBase, text: string) {
  holdUntilAllAreSent(client);
  return client.query(text);
}

/** A connection on which that fails, or takes too long, is not used again. */
async function rollBack(client: ClientBase): Promise<void> {
  const timer = new AbortController();
  const late = sleep(ROLLBACK_SECONDS * 1000, undefined, { signal: timer.signal }).then(() => {
    throw new Error("ROLLBACK was not answered");
  });
  try {
    await Promise.race([control(client, "ROLLBACK;"), late]);
  } catch (error) {
    // Knex closes a connection with this property instead of handing it out again.
    Reflect.set(client, "__knex__disposed", error);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
