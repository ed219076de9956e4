import type { Knex } from "knex";

/** Creates the outbox: events that are not delivered yet. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_outbox (
      id character varying primary key,
      name character varying not null,
      data jsonb not null,
      created_at timestamp with time zone not null default now(),
      due_at timestamp with time zone not null default now(),
      attempts integer not null default 0
    );
    create index if not exists nettle_outbox_due_at on nettle_outbox (due_at, id);
  `);
}
