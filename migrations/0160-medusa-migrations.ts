import type { Knex } from "knex";
import { medusaMigrations, timestampOf } from "../src/medusa-adoption/medusa-migrations.ts";

/**
 * Creates Medusa's own list of its migrations, complete up to 1.20.11, so that a Medusa on the same
 * database finds no migration to run.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table migrations (
      id serial,
      timestamp bigint not null,
      name varchar not null,
      constraint "PK_8c82d7f526340ab734260ea46be" primary key (id)
    )`);
  await knex("migrations").insert(
    medusaMigrations.map((name) => ({ timestamp: timestampOf(name), name })),
  );
}
