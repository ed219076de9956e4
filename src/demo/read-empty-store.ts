import type { Knex } from "knex";
import { StartupError } from "../core/startup-error.ts";
import { commandLine } from "../runtime/command-line.ts";
import { demoShop } from "./demo-shop.ts";
import type { EmptyStore } from "./rows/demo-context.ts";

/** Returns whether the database holds the demo shop, whatever has changed in it since. */
export async function holdsDemoShop(trx: Knex.Transaction): Promise<boolean> {
  const { rows } = await trx.raw("select from store where metadata ->> 'demo_shop' = ?", [
    demoShop.mark,
  ]);
  return rows.length > 0;
}

/**
 * Returns the ids of what the migrations insert into a database without a shop.
 * @throws StartupError if the database is not migrated, or contains products, regions, customers or
 * orders
 */
export async function readEmptyStore(trx: Knex.Transaction): Promise<EmptyStore> {
  await mustHoldNoShop(trx);
  const { rows } = await trx.raw<{ rows: Partial<EmptyStore>[] }>(`
    select id as "storeId", default_sales_channel_id as "salesChannelId",
      (select id from shipping_profile where type = 'default' and deleted_at is null
        order by created_at limit 1) as "defaultProfileId",
      (select id from shipping_profile where type = 'gift_card' and deleted_at is null
        order by created_at limit 1) as "giftCardProfileId"
    from store order by created_at limit 1`);
  const store = rows[0];
  if (
    !store?.storeId ||
    !store.salesChannelId ||
    !store.defaultProfileId ||
    !store.giftCardProfileId
  ) {
    throw new StartupError(notMigrated());
  }
  return store as EmptyStore;
}

/** @throws StartupError if the database has no schema */
export async function mustBeMigrated(trx: Knex.Transaction): Promise<void> {
  const { rows } = await trx.raw("select to_regclass('store') is not null as migrated");
  if (!rows[0].migrated) throw new StartupError(notMigrated());
}

const notMigrated = () =>
  `The demo shop needs a migrated database: run ${commandLine("migrate")} first.`;

async function mustHoldNoShop(trx: Knex.Transaction): Promise<void> {
  const { rows } = await trx.raw<{ rows: { kind: string; count: number }[] }>(`
    select kind, count from (
      select 1 as place, 'products' as kind, count(*)::int as count from product
      union all select 2, 'regions', count(*)::int from region
      union all select 3, 'customers', count(*)::int from customer
      union all select 4, 'orders', count(*)::int from "order") as found
    where count > 0 order by place`);
  if (rows.length === 0) return;
  const found = rows.map(({ kind, count }) => `${kind}: ${count}`).join(", ");
  throw new StartupError(
    `This database already holds a shop (${found}); the demo shop goes only into an empty one.`,
  );
}
