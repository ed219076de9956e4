import type { Knex } from "knex";
import { readAddedFlags } from "../src/database/feature-flag-parts.ts";
import { newId } from "../src/database/new-id.ts";
import { isAdopted } from "../src/medusa-adoption/adoption-note.ts";

/**
 * Inserts what every shop needs, unless it exists: a store with its default sales channel, the two
 * default shipping profiles of products, and the manual providers. A database that Medusa built has
 * them already, unless Medusa never started on it: it gets what that start would have added.
 */
export async function up(knex: Knex): Promise<void> {
  const isMedusas = await isAdopted(knex);
  await addStore(knex, isMedusas);
  await addShippingProfile(knex, "default", "Default Shipping Profile");
  await addShippingProfile(knex, "gift_card", "Gift Card Profile");
  // Medusa lists the providers that its configuration has, and so does each start of Nettle.
  if (!isMedusas) await knex.raw(manualProviders);
}

async function addStore(knex: Knex, isMedusas: boolean): Promise<void> {
  const { rows } = await knex.raw("select from store limit 1");
  if (rows.length > 0) return;
  const channel = {
    id: newId("sc"),
    name: "Default Sales Channel",
    ...(isMedusas ? { description: "Created by Medusa" } : {}),
  };
  const hasChannels = !(await readAddedFlags(knex)).includes("sales_channels");
  if (hasChannels) await knex("sales_channel").insert(channel);
  const store = {
    id: newId("store"),
    name: isMedusas ? "Medusa Store" : "Nettle Store",
    default_currency_code: "usd",
    ...(hasChannels ? { default_sales_channel_id: channel.id } : {}),
  };
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
