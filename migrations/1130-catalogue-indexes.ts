import type { Knex } from "knex";
import { buildConcurrently } from "./build-concurrently.ts";
import { catalogueIndexes } from "./own-indexes.ts";

/** Builds indexes so that pages of the catalogue are read without reading every product. */
export const up = (knex: Knex): Promise<void> => buildConcurrently(knex, catalogueIndexes);
