import pg from "pg";

/** Returns whether a PostgreSQL server, or a pooler before one, accepts a login. */
export async function acceptsLogins(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
