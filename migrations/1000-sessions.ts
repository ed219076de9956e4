import type { Knex } from "knex";

/** Creates the table of sessions for shops without Redis, with the columns of connect-pg-simple. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_session (
      sid character varying primary key,
      sess json not null,
      expire timestamp with time zone not null
    );
    create index if not exists nettle_session_expire on nettle_session (expire);
  `);
}
