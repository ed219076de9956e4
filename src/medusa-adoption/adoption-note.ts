import type { Knex } from "knex";

/** Creates the table of the note that a database has been Medusa's. It has one row, or none. */
export async function createAdoptionNote(knex: Knex): Promise<void> {
  await knex.raw(
    "create table if not exists nettle_adoption (adopted_at timestamp with time zone not null)",
  );
}

/** Notes that the database has been Medusa's, which its shop may go back to. */
export async function noteAdoption(knex: Knex): Promise<void> {
  await createAdoptionNote(knex);
  await knex.raw(`insert into nettle_adoption (adopted_at)
    select now() where not exists (select from nettle_adoption)`);
}

/** Returns whether an adoption is noted, also where the note's table is not there yet. */
export async function isAdopted(knex: Knex): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { noted: boolean }[] }>(
    "select to_regclass('nettle_adoption') is not null as noted",
  );
  return rows[0]?.noted === true && (await knex("nettle_adoption").first()) !== undefined;
}
