import type pg from "pg";

/** Connections behind a pooler, on which the settings of a session must not be changed. */
const pooled = new WeakSet<object>();

/** Returns whether a connection passes through a pooler such as PgBouncer. */
export function isPooled(connection: object): boolean {
  return pooled.has(connection);
}

/**
 * Applies settings to a new connection: for the whole session, or, behind a pooler, to each
 * transaction alone. A pooler may give the server's connection to another program after each
 * transaction, which must find the server's own settings there.
 * @param settings names and values, as in `set name = value`
 */
export async function applySettings(client: pg.Client, settings: readonly string[]): Promise<void> {
  if (await passesPooler(client)) setForEachTransaction(client, settings);
  else await client.query(settings.map((setting) => `set ${setting}`).join("; "));
}

/** A pooler answers with a process id of its own, not with that of the server's process. */
async function passesPooler(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid !== processIdOf(client);
}

/** Returns the process id that was sent at the start of the connection. */
function processIdOf(client: pg.Client): unknown {
  return Reflect.get(client, "processID");
}

type Callback = (error: Error | null, result?: unknown) => void;
type Send = (statement: unknown, values?: unknown) => Promise<unknown>;

const BEGINS = /^\s*(begin|start transaction)\b/i;
const ENDS = /^\s*(commit|end|rollback(?!\s+to))\b/i;
/** Statements that PostgreSQL refuses inside a transaction. */
const NEVER_INSIDE = /^\s*(vacuum\b|(create|drop) (unique )?index concurrently\b)/i;

/**
 * Makes a connection begin each transaction with the settings, and run each other statement in a
 * transaction of its own.
 */
function setForEachTransaction(client: pg.Client, settings: readonly string[]): void {
  pooled.add(client);
  const begun = settings.map((setting) => `set local ${setting}`).join("; ");
  const send: Send = client.query.bind(client) as Send;
  let isOpen = false;
  let previous: Promise<unknown> = Promise.resolve();

  async function sendAlone(statement: unknown, values: unknown): Promise<unknown> {
    await send(`begin; ${begun}`);
    try {
      const result = await send(statement, values);
      await send("commit");
      return result;
    } catch (error) {
      await send("rollback").catch(() => undefined);
      throw error;
    }
  }

  async function run(statement: unknown, values: unknown): Promise<unknown> {
    const text = textOf(statement);
    if (isOpen) {
      if (ENDS.test(text)) isOpen = false;
      return send(statement, values);
    }
    if (BEGINS.test(text)) {
      isOpen = true;
      return send(`${text.replace(/;\s*$/, "")}; ${begun}`);
    }
    return NEVER_INSIDE.test(text) ? send(statement, values) : sendAlone(statement, values);
  }

  /** Statements of one connection run one after another, as without a pooler. */
  function query(statement: unknown, values?: unknown, callback?: Callback): unknown {
    // A cursor or stream submits itself; it is used inside a transaction only.
    if (typeof (statement as { submit?: unknown }).submit === "function")
      return Reflect.apply(send, undefined, [statement, values, callback]);
    const [parameters, done] =
      typeof values === "function" ? [undefined, values] : [values, callback];
    const result = previous.then(() => run(statement, parameters));
    previous = result.catch(() => undefined);
    if (!done) return result;
    result.then(
      (answer) => done(null, answer),
      (error: Error) => done(error),
    );
  }

  Object.assign(client, { query });
}

function textOf(statement: unknown): string {
  return typeof statement === "string" ? statement : String(Reflect.get(Object(statement), "text"));
}
