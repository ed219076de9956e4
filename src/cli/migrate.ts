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

interface Options {
  readonly json?: true;
}

interface UndoOptions extends Options {
  readonly keepFlags?: boolean;
}

/**
 * Brings the database to this version's schema. Calling it allows the adoption of a database that
 * Medusa built.
 * @throws StartupError if the database cannot be used, or Nettle may not change it
 */
export function migrate({ json }: Options): Promise<void> {
  return withDatabase(async (knex, config) => {
    const log = json ? console.error : console.log;
    const { result, ran } = await migrateDatabase(knex, { adopt: true, log });
    if (result === "current") log("The database is up to date");
    const missing_providers = await findMissingProviders(knex, await providersOf(config));
    for (const missing of missing_providers) log(describeMissingProvider(missing));
    if (json) console.log(JSON.stringify({ result, ran, missing_providers }, null, 2));
  });
}

/**
 * Takes Nettle off the configured database, so that Medusa alone goes on with it. `keepFlags`
 * leaves the tables and columns that were added for Medusa's feature flags.
 * @throws StartupError if the database cannot be used, Nettle runs on it, or payments are unsettled
 */
export function undoMigration({ json, keepFlags = false }: UndoOptions): Promise<void> {
  return withDatabase(async (knex) => {
    await removeNettle(knex, { keepFlags, log: json ? console.error : console.log });
    if (json) console.log(JSON.stringify({ result: "removed" }, null, 2));
  });
}

const providersOf = (config: Config) =>
  loadConfiguredProviders(config, createLog(config.logLevel, { format: config.logFormat }));
