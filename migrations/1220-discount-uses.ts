import type { Knex } from "knex";

/**
 * Counts the uses of discounts by the orders that have them, whoever places those. Medusa counts after the fact, from an event: it writes what it
 * read plus one, so uses are lost when two orders are placed at once, and counted twice when it hears of an order that was counted with its placing.
 * Orders that others place leave their uses in `nettle_uncounted_use`; Medusa's write then adds those instead of what it says. Our own transactions
 * say so (`nettle.counts_uses`) and are left alone, as is what Medusa never writes: 0, and more than one above what there is. A failure never
 * reaches the writer.
 */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { schema: string }[] }>("select quote_ident(current_schema()) as schema");
  const { schema } = rows[0]!;
  await knex.raw(`
    create table if not exists nettle_uncounted_use (
      discount_id character varying not null,
      order_id character varying not null,
      primary key (discount_id, order_id)
    );
  `);
  await knex.raw(noteUses(schema));
  await knex.raw(countNotedUses(schema));
  await knex.raw(`
    drop trigger if exists nettle_note_uses on order_discounts;
    drop trigger if exists nettle_count_uses on discount;
    create trigger nettle_note_uses after insert on order_discounts
      for each row execute function nettle_note_uses();
    create trigger nettle_count_uses before update of usage_count on discount
      for each row when (old.usage_count is distinct from new.usage_count) execute function nettle_count_uses();
    -- Orders that a Medusa placed just now and has not counted yet.
    insert into nettle_uncounted_use (discount_id, order_id)
      select used.discount_id, used.order_id from order_discounts as used
      join staged_job as job on job.event_name = 'order.placed' and job.data ->> 'id' = used.order_id
      on conflict do nothing;
  `);
}

/** Orders that are brought in with the date they once had are no new uses. */
const noteUses = (schema: string) => `
create or replace function nettle_note_uses() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' as $note$
begin
  if current_setting('nettle.counts_uses', true) = 'on' then
    return null;
  end if;
  insert into ${schema}.nettle_uncounted_use (discount_id, order_id)
    select new.discount_id, placed.id from ${schema}."order" as placed
    where placed.id = new.order_id and placed.created_at > now() - interval '1 day';
  return null;
exception
  when others then
    raise log 'A use of the discount % was not noted: %', new.discount_id, sqlerrm;
    return null;
end
$note$;
`;

const countNotedUses = (schema: string) => `
create or replace function nettle_count_uses() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' as $count$
declare
  noted integer;
begin
  if current_setting('nettle.counts_uses', true) = 'on' or new.usage_count not between 1 and old.usage_count + 1 then
    return new;
  end if;
  delete from ${schema}.nettle_uncounted_use where discount_id = new.id;
  get diagnostics noted = row_count;
  new.usage_count := old.usage_count + noted;
  return new;
exception
  when others then
    raise log 'Uses of the discount % were not counted: %', new.id, sqlerrm;
    return new;
end
$count$;
`;
