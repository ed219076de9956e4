import type { Knex } from "knex";
import { newId } from "../src/database/new-id.ts";

/**
 * Inserts what every shop needs, unless it exists: a store with its default sales channel, the two
 * default shipping profiles of products, and the manual providers.
 */
export async function up(knex: Knex): Promise<void> {
  await addStore(knex);
  await addShippingProfile(knex, "default", "Default Shipping Profile");
  await addShippingProfile(knex, "gift_card", "Gift Card Profile");
  await knex.raw(manualProviders);
}

async function addStore(knex: Knex): Promise<void> {
  const { rows } = await knex.raw("select from store limit 1");
  if (rows.length > 0) return;
  const store = {
    id: newId("store"),
    name: "Nettle Store",
    default_currency_code: "usd",
    default_sales_channel_id: newId("sc"),
  };
  await knex("sales_channel").insert({
    id: store.default_sales_channel_id,
    name: "Default Sales Channel",
  });
  await knex("store").insert(store);
  await knex("store_currencies").insert({
    store_id: store.id,
    currency_code: store.default_currency_code,
  });
}

async function addShippingProfile(knex: Knex, type: string, name: string): Promise<void> {
  await knex.raw(
    `insert into shipping_profile (id, type, name)
     select ?, ?::shipping_profile_type_enum, ?
     where not exists (
       select from shipping_profile
       where type = ?::shipping_profile_type_enum and deleted_at is null)`,
    [newId("sp"), type, name, type],
  );
}

const manualProviders = `
insert into payment_provider (id) select 'manual' where not exists (select from payment_provider);
insert into fulfillment_provider (id)
  select 'manual' where not exists (select from fulfillment_provider);
`;
