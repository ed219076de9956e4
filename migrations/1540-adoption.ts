import type { Knex } from "knex";
import { createAdoptionNote } from "../src/medusa-adoption/adoption-note.ts";

/**
 * Creates the note that a database has been Medusa's. An adoption writes it. Earlier versions of
 * Nettle did not: they listed the baseline as executed at one moment, where building it takes
 * longer.
 */
export async function up(knex: Knex): Promise<void> {
  await createAdoptionNote(knex);
  await knex.raw(`
    insert into nettle_adoption (adopted_at)
    select min(migration_time) from nettle_migrations
    where name < '0170' and not exists (select from nettle_adoption)
    having max(migration_time) - min(migration_time) < interval '10 milliseconds'
  `);
}
