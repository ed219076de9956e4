import type { Knex } from "knex";

/** Browser sessions of shops without Redis, in the columns that connect-pg-simple uses. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE nettle_session (
      sid character varying PRIMARY KEY,
      sess json NOT NULL,
      expire timestamp with time zone NOT NULL
    );
    CREATE INDEX nettle_session_expire ON nettle_session (expire);
  `);
}
