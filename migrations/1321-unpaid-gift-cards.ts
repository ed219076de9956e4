import type { Knex } from "knex";

/** Orders whose gift cards are disabled until the orders are paid. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_unpaid_gift_cards (
      order_id character varying primary key,
      created_at timestamp with time zone not null default now()
    );
  `);
}
