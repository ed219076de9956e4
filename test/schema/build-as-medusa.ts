import type { Knex } from "knex";
import { migrateDatabase } from "../../src/database/migrate-database.ts";

/**
 * Builds the schema that Medusa's own migrations and first start leave: ours, without our tables.
 */
export async function buildAsMedusa(knex: Knex): Promise<void> {
  await migrateDatabase(knex, { adopt: false, log: () => undefined });
  await knex.raw(`do $$ declare ours text; begin
    for ours in select format('drop table if exists %I cascade', tablename)
        from pg_tables where tablename like 'nettle\\_%'
      union all select format('drop index if exists %I', indexname)
        from pg_indexes where indexname like 'nettle\\_%'
    loop execute ours; end loop;
    for ours in select format('drop sequence if exists %I', sequencename)
        from pg_sequences where sequencename like 'nettle\\_%'
    loop execute ours; end loop;
    for ours in select format('drop function if exists %s cascade', oid::regprocedure)
        from pg_proc where proname like 'nettle\\_%'
    loop execute ours; end loop;
    end $$`);
  await knex("store").update({ name: "Medusa Store" });
}

/** Takes away what Medusa leaves out while its feature flags are off. */
export async function turnFlagsOff(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table cart drop column sales_channel_id;
    alter table "order" drop column sales_channel_id;
    alter table store drop column default_sales_channel_id;
    drop table product_sales_channel; drop table sales_channel cascade;
    delete from publishable_api_key_sales_channel;
    delete from migrations where name in ('salesChannel1656949291839',
      'addSalesChannelMetadata1680714052628', 'test1659501357661')`);
  for (const table of ["currency", "line_item", "price_list", "region"])
    await knex.raw("alter table ?? drop column includes_tax", [table]);
  for (const table of ["shipping_method", "shipping_option"])
    await knex.raw("alter table ?? drop column includes_tax", [table]);
}
