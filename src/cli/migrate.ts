import type { Knex } from "knex";
import type { Config } from "../config/config.ts";
import { migrateDatabase } from "../database/migrate-database.ts";
import { removeNettle } from "../database/remove-nettle.ts";
import {
  describeMissingProvider,
  findMissingProviders,
} from "../providers/find-missing-providers.ts";
import { loadConfiguredProviders } from "../providers/load-configured-providers.ts";
import { createLog } from "../runtime/log.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Brings the database to this version's schema. Calling it allows the adoption of a database that
 * Medusa built.
 * @throws StartupError if the database cannot be used, or Nettle may not change it
 */
export function migrate(): Promise<void> {
  return withDatabase(async (knex, config) => {
    const { result } = await migrateDatabase(knex, { adopt: true, log: console.log });
    if (result === "current") console.log("The database is up to date");
    await printMissingProviders(knex, config);
  });
}

/**
 * Takes Nettle off the configured database, so that Medusa alone goes on with it. `keepFlags`
 * leaves the tables and columns that were added for Medusa's feature flags.
 * @throws StartupError if the database cannot be used, Nettle runs on it, or payments are unsettled
 */
export function undoMigration(keepFlags: boolean): Promise<void> {
  return withDatabase((knex) => removeNettle(knex, { keepFlags, log: console.log }));
}

/** Names the providers without which parts of the shop cannot sell. */
async function printMissingProviders(knex: Knex, config: Config): Promise<void> {
  const providers = await loadConfiguredProviders(
    config,
    createLog(config.logLevel, { format: config.logFormat }),
  );
  for (const missing of await findMissingProviders(knex, providers))
    console.log(describeMissingProvider(missing));
}
