import pg from "pg";

/**
 * The texts of the statements that are sent to PostgreSQL, by whatever pool of this process, while
 * some work is done; what a new connection is set up with does not count.
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
