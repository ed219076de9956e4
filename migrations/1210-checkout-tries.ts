import type { Knex } from "knex";

/**
 * How often nobody's completion has been gone on with in vain, and when to try next; telling a provider and asking it to authorize are two steps. And the lock
 * that every write to a cart begins with: only a function sees, in one statement, what was committed while it waited.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table nettle_checkout
      add column if not exists tries integer not null default 0,
      add column if not exists next_try_at timestamp with time zone not null default now(),
      alter column state set default 'telling';
    update nettle_checkout set state = 'telling' where state = 'paying';

    create or replace function nettle_lock_cart(locked_id text) returns boolean language plpgsql volatile as $$
    begin
      perform 1 from cart where id = locked_id and deleted_at is null for update;
      return exists (select 1 from nettle_checkout where cart_id = locked_id);
    end $$;
  `);
}
