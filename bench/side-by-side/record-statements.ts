import pg from "pg";
import { type SentStatement, sentStatements } from "../../test/support/count-statements.ts";

/** A statement, and how many rows it returned or changed. */
export interface Recorded {
  readonly name?: string | undefined;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly rows: number;
  /** Fencing tokens that it returned: the database makes them, and later statements name them. */
  readonly fences: readonly string[];
}

type Result = Pick<Recorded, "rows" | "fences">;

type Callback = (error: unknown, result: pg.QueryResult) => void;

/**
 * Returns the statements that the pools of this process send while a function runs, without those
 * that set up a connection, each with the number of its rows.
 */
export async function recordStatements(run: () => Promise<unknown>): Promise<Recorded[]> {
  const resultsOf = new Map<string, Result[]>();
  const note = (text: string, result: pg.QueryResult | readonly pg.QueryResult[]) => {
    const one = [result].flat().at(-1);
    const noted = { rows: one?.rowCount ?? 0, fences: one ? fencesIn(one) : [] };
    resultsOf.set(text, [...(resultsOf.get(text) ?? []), noted]);
  };
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...asked: unknown[]) {
    const [statement] = asked as [string | { text: string }];
    const text = typeof statement === "string" ? statement : statement.text;
    const at = asked.findIndex((each) => typeof each === "function");
    if (at >= 0) {
      const callback = asked[at] as Callback;
      asked[at] = (error: unknown, result: pg.QueryResult) => {
        if (!error) note(text, result);
        callback(error, result);
      };
    }
    const answer = (query as (...all: unknown[]) => unknown).apply(this, asked);
    if (at < 0)
      (answer as Promise<pg.QueryResult>).then((result) => note(text, result)).catch(ignore);
    return answer;
  } as typeof query;
  try {
    const statements = await sentStatements(run);
    return statements.map((statement) => withResult(statement, resultsOf));
  } finally {
    pg.Client.prototype.query = query;
  }
}

const ignore = () => undefined;

const fencesIn = ({ rows = [] }: pg.QueryResult): string[] =>
  (rows as { fence?: string }[]).flatMap(({ fence }) => (fence === undefined ? [] : [fence]));

function withResult(
  { name, text, values }: SentStatement,
  resultsOf: ReadonlyMap<string, Result[]>,
): Recorded {
  const result = resultsOf.get(text)?.shift() ?? { rows: 0, fences: [] };
  return { ...(name && { name }), text, values: values ?? [], ...result };
}

/**
 * Sends recorded statements one after another, prepared. Fencing tokens are replaced by those that
 * this replay was given: `fences` is filled with them.
 * @throws Error a statement returned or changed another number of rows than when it was recorded
 */
export async function replay(
  connection: pg.ClientBase,
  statements: readonly Recorded[],
  fences = new Map<unknown, string>(),
): Promise<void> {
  const current = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(current) : (fences.get(value) ?? value);
  for (const { name, text, values, rows, fences: recorded } of statements) {
    const result = await connection.query({
      ...(name ? { name } : {}),
      text,
      values: fences.size > 0 ? values.map(current) : [...values],
    });
    if ((result.rowCount ?? 0) !== rows)
      throw new Error(`${result.rowCount} rows rather than ${rows} of: ${text.slice(0, 120)}`);
    for (const [at, fence] of fencesIn(result).entries()) fences.set(recorded[at], fence);
  }
}
