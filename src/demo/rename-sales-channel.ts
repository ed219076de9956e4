import type { Knex } from "knex";
import { demoId, type EmptyStore } from "./rows/demo-context.ts";

/**
 * Gives the default sales channel, to which nothing refers yet but the store, an id that is the
 * same in every demo shop. Returns the store with it.
 */
export async function renameSalesChannel(
  trx: Knex.Transaction,
  store: EmptyStore,
): Promise<EmptyStore> {
  const salesChannelId = demoId("sc", "default");
  await trx.raw(
    `insert into sales_channel (id, name, description, is_disabled, created_at, updated_at)
      select ?, name, description, is_disabled, created_at, updated_at
      from sales_channel where id = ?`,
    [salesChannelId, store.salesChannelId],
  );
  await trx("store")
    .where({ id: store.storeId })
    .update({ default_sales_channel_id: salesChannelId });
  await trx("sales_channel").where({ id: store.salesChannelId }).delete();
  return { ...store, salesChannelId };
}
