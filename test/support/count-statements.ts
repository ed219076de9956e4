import pg from "pg";

/** A statement as it was sent: one that is prepared has a name. */
export interface SentStatement {
  readonly text: string;
  readonly name?: string | undefined;
  readonly values: readonly unknown[];
}

/**
 * Returns the texts of the statements that any pool of this process sends while a function runs,
 * without those that set up a new connection.
 */
export async function countStatements(run: () => Promise<unknown>): Promise<string[]> {
  return (await sentStatements(run)).map(({ text }) => text);
}

/** Returns the same statements with their names and values. */
export async function sentStatements(run: () => Promise<unknown>): Promise<SentStatement[]> {
  const statements: SentStatement[] = [];
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...asked: never[]) {
    const [statement, values] = asked as unknown[];
    if (typeof statement === "string")
      statements.push({ text: statement, values: Array.isArray(values) ? values : [] });
    else statements.push(statement as SentStatement);
    return (query as (...all: never[]) => never).apply(this, asked);
  } as typeof query;
  try {
    await run();
  } finally {
    pg.Client.prototype.query = query;
  }
  return statements.filter(({ text }) => !/^(set |select version\(\)|deallocate )/i.test(text));
}

/**
 * Returns how often any pool of this process waits for the database while a function runs:
 * statements that are sent before the ones ahead of them were answered share a round trip.
 */
export async function countRoundTrips(run: () => Promise<unknown>): Promise<number> {
  const unanswered = new WeakMap<object, number>();
  let count = 0;
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...asked: never[]) {
    const waiting = unanswered.get(this) ?? 0;
    if (waiting === 0) count++;
    unanswered.set(this, waiting + 1);
    const answered = () => unanswered.set(this, unanswered.get(this)! - 1);
    const answer = (query as (...all: never[]) => never).apply(this, asked) as Promise<unknown>;
    answer.then(answered, answered);
    return answer;
  } as typeof query;
  try {
    await run();
  } finally {
    pg.Client.prototype.query = query;
  }
  return count;
}
