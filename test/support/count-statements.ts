import pg from "pg";

/**
 * Returns the statements that any pool of this process sends while a function runs, without those
 * that set up a new connection.
 */
export async function countStatements(run: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...asked: never[]) {
    const [statement] = asked as unknown[];
    statements.push(
      typeof statement === "string" ? statement : (statement as { text: string }).text,
    );
    return (query as (...all: never[]) => never).apply(this, asked);
  } as typeof query;
  try {
    await run();
  } finally {
    pg.Client.prototype.query = query;
  }
  return statements.filter((text) => !/^(set |select version\(\)|deallocate )/i.test(text));
}
