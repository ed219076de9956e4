import type { Knex } from "knex";

/** The addresses that events are sent to, and the secrets that sign them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_webhook (
      id character varying primary key,
      url character varying not null,
      events character varying[] not null,
      secret character varying not null,
      created_at timestamp with time zone not null default now()
    );
  `);
}
