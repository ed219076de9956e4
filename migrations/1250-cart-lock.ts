import type { Knex } from "knex";

/**
 * The lock that every write to a cart begins with; says whether somebody completes the cart, or has
 * left that half-way. Only a function sees in one statement what was committed while it waited.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create or replace function nettle_lock_cart(locked_id text) returns boolean language plpgsql volatile as $$
    begin
      perform 1 from cart where id = locked_id and deleted_at is null for update;
      return exists (select 1 from nettle_checkout where cart_id = locked_id);
    end $$;
  `);
}
