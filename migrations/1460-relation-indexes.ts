import type { Knex } from "knex";
import { buildConcurrently } from "./build-concurrently.ts";
import { relationIndexes } from "./own-indexes.ts";

/** Builds the indexes by which trees find their rows. */
export const up = (knex: Knex): Promise<void> => buildConcurrently(knex, relationIndexes);
