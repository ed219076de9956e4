import { newId } from "../../database/new-id.ts";
import { query, sql } from "../../database/sql.ts";
import { type Kind, referencesIn, referenceTo } from "../kind.ts";
import { insertRows, saveRow } from "../write-tables.ts";

/** The currencies of the store, by code. */
export const currencies: Kind<"currencies"> = {
  section: "currencies",
  noun: "currency",
  identity: ["code"],
  defaults: {},
  keyOf: ({ code }) => code,
  labelOf: ({ code }) => code,
  read: (trx) =>
    query(
      trx,
      sql`select code as id, json_build_object('code', code, 'includes_tax', includes_tax) as entry
        from currency where code in (select currency_code from store_currencies) order by code`,
    ),
  references: () => [],
  refusals: ({ code }, _, { currencyCodes }) =>
    currencyCodes.has(code) ? [] : [{ path: ["code"], message: `there is no currency "${code}"` }],
  write: async (trx, { entry: { code, includes_tax } }) => {
    await trx.raw(
      `insert into store_currencies (store_id, currency_code) select id, ? from store
        on conflict do nothing`,
      [code],
    );
    if (includes_tax !== undefined) await trx("currency").where({ code }).update({ includes_tax });
    return code;
  },
};

/** The sales channels, by name. */
export const salesChannels: Kind<"sales_channels", { is_disabled: boolean }> = {
  section: "sales_channels",
  noun: "sales channel",
  identity: ["name"],
  defaults: { is_disabled: false },
  keyOf: ({ name }) => name,
  labelOf: ({ name }) => `"${name}"`,
  read: (trx) =>
    query(
      trx,
      sql`select id, json_strip_nulls(json_build_object('name', name,
          'description', description, 'is_disabled', is_disabled)) as entry
        from sales_channel where deleted_at is null order by created_at, id`,
    ),
  references: () => [],
  write: (trx, { id, entry: { name, description, is_disabled } }) =>
    saveRow(trx, "sales_channel", { prefix: "sc", id }, { name, description, is_disabled }),
};

/** The one store. */
export const store: Kind<"store"> = {
  section: "store",
  noun: "store",
  identity: [],
  defaults: {},
  keyOf: () => "",
  labelOf: () => "",
  read: (trx) =>
    query(
      trx,
      sql`select s.id, json_strip_nulls(json_build_object('name', s.name,
          'default_currency', s.default_currency_code, 'default_sales_channel', c.name)) as entry
        from store s left join sales_channel c on c.id = s.default_sales_channel_id
        order by s.created_at limit 1`,
    ),
  references: ({ default_currency, default_sales_channel }) => [
    ...referenceTo("currency", default_currency, "default_currency"),
    ...referenceTo("sales channel", default_sales_channel, "default_sales_channel"),
  ],
  write: (trx, { id, entry: { name, default_currency, default_sales_channel } }, names) =>
    saveRow(
      trx,
      "store",
      { prefix: "store", id },
      {
        ...(name === undefined ? {} : { name }),
        ...(default_currency === undefined ? {} : { default_currency_code: default_currency }),
        ...(default_sales_channel === undefined
          ? {}
          : { default_sales_channel_id: names.id("sales channel", default_sales_channel) }),
      },
    ),
};

/** The publishable keys that are not revoked, by title. */
export const publishableKeys: Kind<"publishable_keys"> = {
  section: "publishable_keys",
  noun: "publishable key",
  identity: ["title"],
  defaults: {},
  keyOf: ({ title }) => title,
  labelOf: ({ title }) => `"${title}"`,
  read: (trx) =>
    query(
      trx,
      sql`select k.id, json_build_object('title', k.title, 'sales_channels', array(
          select c.name from publishable_api_key_sales_channel l
          join sales_channel c on c.id = l.sales_channel_id and c.deleted_at is null
          where l.publishable_key_id = k.id and l.deleted_at is null order by c.name)) as entry
        from publishable_api_key k where k.revoked_at is null order by k.created_at, k.id`,
    ),
  references: ({ sales_channels }) =>
    referencesIn("sales channel", sales_channels, "sales_channels"),
  write: async (trx, { id, entry: { title, sales_channels } }, names) => {
    const saved = await saveRow(trx, "publishable_api_key", { prefix: "pk", id }, { title });
    const channels = sales_channels.map((name) => names.id("sales channel", name));
    const links = trx("publishable_api_key_sales_channel").where({ publishable_key_id: saved });
    await links.delete();
    const rows = [...new Set(channels)].map((sales_channel_id) => ({
      id: newId("pksc"),
      publishable_key_id: saved,
      sales_channel_id,
    }));
    await insertRows(trx, "publishable_api_key_sales_channel", rows);
    return saved;
  },
};

/** The customer groups, by name. */
export const customerGroups: Kind<"customer_groups"> = {
  section: "customer_groups",
  noun: "customer group",
  identity: ["name"],
  defaults: {},
  keyOf: ({ name }) => name,
  labelOf: ({ name }) => `"${name}"`,
  read: (trx) =>
    query(
      trx,
      sql`select id, json_build_object('name', name) as entry
        from customer_group where deleted_at is null order by name`,
    ),
  references: () => [],
  write: (trx, { id, entry: { name } }) =>
    saveRow(trx, "customer_group", { prefix: "cgrp", id }, { name }),
};

/** The shipping profiles, by name. New ones are custom. */
export const shippingProfiles: Kind<"shipping_profiles"> = {
  section: "shipping_profiles",
  noun: "shipping profile",
  identity: ["name"],
  defaults: {},
  keyOf: ({ name }) => name,
  labelOf: ({ name }) => `"${name}"`,
  read: (trx) =>
    query(
      trx,
      sql`select id, json_build_object('name', name) as entry
        from shipping_profile where deleted_at is null order by created_at, id`,
    ),
  references: () => [],
  write: (trx, { id, entry: { name } }) =>
    saveRow(
      trx,
      "shipping_profile",
      { prefix: "sp", id },
      id ? { name } : { name, type: "custom" },
    ),
};
