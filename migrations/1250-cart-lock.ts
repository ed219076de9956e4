import type { Knex } from "knex";

/**
 * Creates the function that locks a cart before each write. It returns whether the cart has a
 * checkout, running or interrupted. It is a function because one plain statement would not see what
 * was committed while it waited for the lock.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create or replace function nettle_lock_cart(locked_id text) returns boolean
      language plpgsql volatile as $$
    begin
      perform 1 from cart where id = locked_id and deleted_at is null for update;
      return exists (select 1 from nettle_checkout where cart_id = locked_id);
    end $$;
  `);
}
