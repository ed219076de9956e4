import type { Knex } from "knex";

/** Returns the log that a migration was given, if any; it receives lines of progress. */
export const migrationLog = (knex: Knex): ((line: string) => void) | undefined =>
  knex.userParams?.["log"];
