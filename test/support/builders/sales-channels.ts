import type { Knex } from "knex";
import { newId } from "../../../src/database/new-id.ts";
import { type InsertedRow, insert, nextNumber, type Row } from "./insert.ts";

/** Returns the id of the shop's default sales channel. */
export async function defaultSalesChannelId(knex: Knex): Promise<string> {
  const store = await knex("store").first("default_sales_channel_id");
  return store.default_sales_channel_id;
}

/** Builds a sales channel beside the default one. */
export const aSalesChannel = (knex: Knex, attributes: Row = {}): Promise<InsertedRow> =>
  insert(knex, "sales_channel", {
    id: newId("sc"),
    name: `Channel ${nextNumber()}`,
    ...attributes,
  });

interface PublishableKeyAttributes extends Row {
  /** Ids of the sales channels that the key opens. */
  readonly channels?: readonly string[];
}

/** Builds a publishable key for the default sales channel. */
export async function aPublishableKey(
  knex: Knex,
  { channels, ...columns }: PublishableKeyAttributes = {},
): Promise<InsertedRow> {
  const key = await insert(knex, "publishable_api_key", {
    id: newId("pk"),
    title: `Key ${nextNumber()}`,
    ...columns,
  });
  for (const sales_channel_id of channels ?? [await defaultSalesChannelId(knex)])
    await insert(knex, "publishable_api_key_sales_channel", {
      id: newId("pksc"),
      publishable_key_id: key.id,
      sales_channel_id,
    });
  return key;
}
