import type { Knex } from "knex";

/** The carts whose shipping methods were taken away by a change, for example of a line. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table if not exists nettle_lost_shipping (
      cart_id text primary key,
      lost_at timestamptz not null default now()
    );
  `);
}
