import type { Knex } from "knex";
import { inShortTransactions } from "./in-short-transaction.ts";

/** Every table that decides what a catalogue read answers, or which of them exist. */
export const catalogueTables = [
  ...["country", "currency", "customer_group", "discount_condition_product_tag"],
  ...["discount_condition_product_type", "fulfillment_provider", "image", "money_amount"],
  ...["payment_provider", "price_list", "price_list_customer_groups", "product"],
  ...["product_category", "product_category_product", "product_collection", "product_images"],
  ...["product_option", "product_option_value", "product_sales_channel"],
  ...["product_shipping_profile", "product_tag", "product_tags", "product_tax_rate"],
  ...["product_type", "product_type_tax_rate", "product_variant"],
  ...["product_variant_inventory_item", "product_variant_money_amount"],
  ...["publishable_api_key", "publishable_api_key_sales_channel", "region"],
  ...["region_fulfillment_providers", "region_payment_providers", "return_reason"],
  ...["sales_channel", "shipping_option", "shipping_option_requirement", "shipping_profile"],
  ...["shipping_tax_rate", "store", "store_currencies", "tax_provider", "tax_rate"],
] as const;

/**
 * Tells every process when the catalogue changes, whoever writes, so that answers in memory are
 * dropped. Never fails the writer's statement: payloads are short, and a queue that is nearly full
 * is left alone, which the listeners notice because their own echo stops as well.
 */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { schema: string }[] }>(
    "select quote_ident(current_schema()) as schema",
  );
  await knex.raw(functions(rows[0]!.schema));
  await inShortTransactions(knex, catalogueTables, async (trx, table) => {
    const { rows: known } = await trx.raw<{ rows: unknown[] }>(
      `select from pg_trigger
       where tgrelid = to_regclass(quote_ident(?)) and tgname = 'nettle_catalogue_truncate'`,
      [table],
    );
    if (known.length === 0) await trx.raw(triggers(table));
  });
}

/** The channel has the schema in its name: two shops may share a database. */
const functions = (schema: string) => `
create or replace function nettle_catalogue_notify(payload text) returns void language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $notify$
begin
  if pg_notification_queue_usage() < 0.5 then
    perform pg_notify('nettle_catalogue:' || md5('${schema}'), payload);
  end if;
end
$notify$;

create or replace function nettle_catalogue_changed() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $changed$
begin
  perform ${schema}.nettle_catalogue_notify('table' || chr(31) || tg_table_name);
  return null;
exception when others then
  return null;
end
$changed$;

create or replace function nettle_catalogue_variants() returns trigger language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $variants$
declare
  ids text[];
begin
  if exists (
    select from changed_old o full join changed_new n on n.id = o.id
    where to_jsonb(o) - 'inventory_quantity' - 'updated_at'
      is distinct from to_jsonb(n) - 'inventory_quantity' - 'updated_at')
  then
    perform ${schema}.nettle_catalogue_notify('table' || chr(31) || tg_table_name);
    return null;
  end if;
  ids := array(select id::text from changed_new order by id);
  if cardinality(ids) > 5000 or octet_length(ids::text) > 250000 then
    perform ${schema}.nettle_catalogue_notify('table' || chr(31) || tg_table_name);
    return null;
  end if;
  -- A notification has 8,000 bytes at most.
  for place in 1 .. cardinality(ids) by 100 loop
    perform ${schema}.nettle_catalogue_notify(
      'stock' || chr(31) || array_to_string(ids[place : place + 99], chr(31)));
  end loop;
  return null;
exception when others then
  begin
    perform ${schema}.nettle_catalogue_notify('table' || chr(31) || tg_table_name);
  exception when others then null;
  end;
  return null;
end
$variants$;
`;

const triggers = (table: string) => {
  const variants = table === "product_variant";
  const events = variants ? "insert or delete" : "insert or update or delete";
  const names = ["change", "truncate", ...(variants ? ["stock"] : [])];
  return `
create trigger nettle_catalogue_change after ${events} on ${table}
  for each statement execute function nettle_catalogue_changed();
create trigger nettle_catalogue_truncate after truncate on ${table}
  for each statement execute function nettle_catalogue_changed();
${
  variants
    ? `create trigger nettle_catalogue_stock after update on ${table}
  referencing old table as changed_old new table as changed_new
  for each statement execute function nettle_catalogue_variants();`
    : ""
}
alter table ${table} ${names
    .map((name) => `enable always trigger nettle_catalogue_${name}`)
    .join(", ")};
`;
};
