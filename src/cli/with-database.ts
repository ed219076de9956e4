import type { Knex } from "knex";
import { type Config, loadConfig } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { openDatabase } from "../database/open-database.ts";

/**
 * Does a command's work on the configured database, and closes it.
 * @throws StartFailure no DATABASE_URL, or a database that cannot be used
 */
export async function withDatabase(
  run: (knex: Knex, config: Config) => Promise<void>,
): Promise<void> {
  const config = loadConfig("database");
  if (!config.database.url) {
    throw new StartupError(
      "DATABASE_URL is missing: this command works on a database of yours (the demo shop's own needs none, `nettle serve` does all).",
    );
  }
  const knex = await openDatabase(config.database, config.database.url);
  try {
    await run(knex, config);
  } finally {
    await knex.destroy();
  }
}
