import type { Knex } from "knex";

/**
 * Lets writes that refer to a locked cart go on: whoever inserts a line or a payment takes a key
 * lock on the cart, which only a lock for a change of its key excludes. Creates the function by
 * which a statement that is sent ahead refuses its transaction.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create or replace function nettle_lock_cart(locked_id text) returns boolean
      language plpgsql volatile as $$
    begin
      perform 1 from cart where id = locked_id and deleted_at is null for no key update;
      return exists (select 1 from nettle_checkout where cart_id = locked_id);
    end $$;

    create or replace function nettle_require(is_met boolean, details text) returns void
      language plpgsql volatile as $$
    begin
      if is_met is not true then
        raise exception 'A requirement is not met'
          using errcode = 'NT001', detail = coalesce(details, '');
      end if;
    end $$;
  `);
}
