import { migrateDatabase } from "../database/migrate-database.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Brings the database to this version's schema. Calling it allows the adoption of a database that
 * Medusa built.
 * @throws StartupError if the database cannot be used, or Nettle may not change it
 */
export function migrate(): Promise<void> {
  return withDatabase(async (knex) => {
    const { result } = await migrateDatabase(knex, { adopt: true, log: console.log });
    if (result === "current") console.log("The database is up to date");
  });
}
