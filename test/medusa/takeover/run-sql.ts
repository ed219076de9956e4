import pg from "pg";

type Row = Readonly<Record<string, unknown>>;

/**
 * Runs a statement on a connection of its own and returns the rows. The connection has another name
 * than a server of Nettle, so that it does not keep an undo waiting.
 */
export async function runSql<T = Row>(
  url: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, application_name: "takeover proof" });
  await client.connect();
  try {
    return (await client.query(statement, [...values])).rows as T[];
  } finally {
    await client.end();
  }
}
