import { migrateDatabase } from "../database/migrate-database.ts";
import { withDatabase } from "./with-database.ts";

/**
 * Brings the database to this version's schema; asking for it allows adopting a database that
 * Medusa built.
 * @throws StartFailure the database cannot be used, or is not ours to touch
 */
export function migrate(): Promise<void> {
  return withDatabase(async (knex) => {
    const { result } = await migrateDatabase(knex, { adopt: true, log: console.log });
    if (result === "current") console.log("The database is up to date");
  });
}
