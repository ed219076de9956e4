import type { Knex } from "knex";

/** Browser sessions of shops without Redis, in the columns that connect-pg-simple uses. */
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
