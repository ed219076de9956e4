import type { Knex } from "knex";
import { inShortTransaction } from "./in-short-transaction.ts";

/**
 * Counts the uses of discounts by their orders, whichever server placed them. Medusa counts later,
 * on an event, and writes the value it read plus one. So it loses uses when two orders are placed
 * at once, and counts an order twice if we have counted it already.
 *
 * `nettle_discount_use` therefore lists the orders whose event Medusa will receive, until it has
 * written their use. The trigger replaces the value that Medusa writes: plus one for an order of
 * Medusa's, unchanged for one of ours.
 *
 * The trigger does not touch our own transactions (they set `nettle.counts_uses` to `on`, or to
 * `told` if Medusa will receive the event), writes while no order is listed, and values that Medusa
 * never writes: 0, and more than the current value plus one. An error never fails the statement of
 * the writer.
 */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { schema: string }[] }>(
    "select quote_ident(current_schema()) as schema",
  );
  const { schema } = rows[0]!;
  await knex.raw(`
    create table if not exists nettle_discount_use (
      discount_id character varying not null,
      order_id character varying not null,
      is_counted boolean not null,
      noted_at timestamp with time zone not null default now(),
      primary key (discount_id, order_id)
    );
  `);
  await knex.raw(noteUses(schema));
  await knex.raw(countNotedUses(schema));
  // While no order is listed, this trigger changes nothing.
  await inShortTransaction(knex, (trx) =>
    trx.raw(`
      drop trigger if exists nettle_count_uses on discount;
      create trigger nettle_count_uses before update of usage_count on discount
        for each row execute function nettle_count_uses();
    `),
  );
  await inShortTransaction(knex, (trx) =>
    trx.raw(`
      drop trigger if exists nettle_note_uses on order_discounts;
      create trigger nettle_note_uses after insert on order_discounts
        for each row execute function nettle_note_uses();
      -- Orders that Medusa has placed and not counted yet.
      insert into nettle_discount_use (discount_id, order_id, is_counted)
        select used.discount_id, used.order_id, false from order_discounts as used
        join staged_job as job
          on job.event_name = 'order.placed' and job.data ->> 'id' = used.order_id
        on conflict do nothing;
    `),
  );
}

/** Lists new orders only: imported orders, which have an older date, are not new uses. */
const noteUses = (schema: string) => `
create or replace function nettle_note_uses() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' as $note$
declare
  counts text := coalesce(current_setting('nettle.counts_uses', true), '');
begin
  if counts = 'on' then
    return null;
  end if;
  insert into ${schema}.nettle_discount_use (discount_id, order_id, is_counted)
    select new.discount_id, placed.id, counts = 'told' from ${schema}."order" as placed
    where placed.id = new.order_id and placed.created_at > now() - interval '1 day';
  return null;
exception
  when others then
    raise log 'A use of the discount % was not noted: %', new.discount_id, sqlerrm;
    return null;
end
$note$;
`;

/**
 * Assigns each write of Medusa to one listed order. Entries older than a day are deleted: Medusa
 * will not receive their event any more.
 */
const countNotedUses = (schema: string) => `
create or replace function nettle_count_uses() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' as $count$
declare
  was_counted boolean;
begin
  if coalesce(current_setting('nettle.counts_uses', true), '') in ('on', 'told')
    or new.usage_count not between 1 and old.usage_count + 1 then
    return new;
  end if;
  delete from ${schema}.nettle_discount_use
    where discount_id = new.id and noted_at < now() - interval '1 day';
  delete from ${schema}.nettle_discount_use where discount_id = new.id and order_id = (
    select order_id from ${schema}.nettle_discount_use where discount_id = new.id
    order by is_counted, noted_at limit 1
  ) returning is_counted into was_counted;
  if was_counted is not null then
    new.usage_count := old.usage_count + case when was_counted then 0 else 1 end;
  end if;
  return new;
exception
  when others then
    raise log 'Uses of the discount % were not counted: %', new.id, sqlerrm;
    return new;
end
$count$;
`;
