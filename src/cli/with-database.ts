import type { Knex } from "knex";
import { type Config, loadConfig } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { openDatabase } from "../database/open-database.ts";
import { commandLine } from "../runtime/command-line.ts";
import { letYoungGenerationGrow } from "../runtime/young-generation.ts";

const missingUrl = () =>
  "DATABASE_URL is missing: this command works on a database of your own. " +
  `The demo shop needs none: ${commandLine("serve")} prepares its database.`;

/**
 * Runs a command on the configured database and closes it afterwards.
 * @throws StartupError if DATABASE_URL is not set, or the database cannot be used
 */
export async function withDatabase(
  run: (knex: Knex, config: Config) => Promise<void>,
): Promise<void> {
  // Only a server that rests for long is worth a small one.
  letYoungGenerationGrow();
  const config = loadConfig("database");
  if (!config.database.url) throw new StartupError(missingUrl());
  const knex = await openDatabase(config.database, config.database.url);
  try {
    await run(knex, config);
  } finally {
    await knex.destroy();
  }
}
