import type { Knex } from "knex";

/**
 * Creates the table of running checkouts: until when a process holds the lease (`claimed_until`),
 * and the payment that may have been made.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_checkout (
      cart_id character varying primary key,
      fence bigint not null default 1,
      claimed_until timestamp with time zone not null,
      state character varying not null default 'paying',
      attempt character varying,
      session_id character varying,
      payment_id character varying,
      provider_id character varying,
      amount integer not null default 0,
      currency_code character varying,
      data jsonb not null default '{}',
      created_at timestamp with time zone not null default now()
    );
    create index if not exists nettle_checkout_claimed_until on nettle_checkout (claimed_until);
  `);
}
