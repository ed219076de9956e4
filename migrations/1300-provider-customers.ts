import type { Knex } from "knex";

/**
 * Creates the table of what payment providers want to receive with the next question about a
 * customer, such as the customer's id at the provider. The Store API neither shows nor writes it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_provider_customer (
      customer_id character varying not null,
      provider_id character varying not null,
      data jsonb not null,
      created_at timestamp with time zone not null default now(),
      updated_at timestamp with time zone not null default now(),
      primary key (customer_id, provider_id)
    );
  `);
}
