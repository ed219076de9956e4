import type { Knex } from "knex";

/**
 * The outbox with a row for each event and subscriber, so that one that fails holds up no other. A
 * row that failed too often stays for a while as a dead letter (`dead_at`). Processes of the former
 * version still write to `nettle_outbox`, whose rows are moved here.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_delivery (
      id bigint generated always as identity primary key,
      event_id character varying not null,
      subscriber character varying not null,
      name character varying not null,
      aggregate character varying not null,
      data jsonb not null,
      created_at timestamp with time zone not null default now(),
      waits_since timestamp with time zone not null default now(),
      due_at timestamp with time zone not null default now(),
      attempts integer not null default 0,
      error character varying,
      dead_at timestamp with time zone
    );
    create index if not exists nettle_delivery_due
      on nettle_delivery (subscriber, due_at, id) where dead_at is null;
    create index if not exists nettle_delivery_order
      on nettle_delivery (subscriber, aggregate, id) where dead_at is null;
    create index if not exists nettle_delivery_dead
      on nettle_delivery (dead_at) where dead_at is not null;
  `);
}
