import type { Knex } from "knex";

/**
 * Creates the table of running authorizations, one for each session of a payment collection: until
 * when a process holds the lease (`claimed_until`), and what it asks the provider under which key.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_authorization (
      session_id character varying primary key,
      payment_collection_id character varying not null,
      fence bigint not null default 1,
      claimed_until timestamp with time zone not null,
      tries integer not null default 1,
      attempt character varying not null,
      provider_id character varying not null,
      amount integer not null,
      currency_code character varying not null,
      data jsonb not null,
      context jsonb not null,
      created_at timestamp with time zone not null default now()
    );
    create index if not exists nettle_authorization_payment_collection_id
      on nettle_authorization (payment_collection_id);
    create index if not exists nettle_authorization_claimed_until
      on nettle_authorization (claimed_until);
  `);
}
