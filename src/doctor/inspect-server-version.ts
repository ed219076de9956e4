import type { Knex } from "knex";
import { StartupError } from "../core/startup-error.ts";
import { mustBeRecent, readMigrationState } from "../database/migration-state.ts";
import type { Finding } from "./finding.ts";

/** Returns a finding if the server's PostgreSQL is too old. */
export async function inspectServerVersion(knex: Knex): Promise<Finding[]> {
  const { serverVersion } = await readMigrationState(knex);
  try {
    mustBeRecent(serverVersion);
    return [];
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    const action = "update PostgreSQL, or move the database to a newer server";
    return [{ level: "problem", subject: "PostgreSQL", message: error.message, action }];
  }
}
