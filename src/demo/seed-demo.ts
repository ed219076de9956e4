import bcrypt from "bcrypt";
import type { Knex } from "knex";
import { demoAddresses, demoCustomer, demoGiftCard, demoShop } from "./demo-shop.ts";
import { exampleRows } from "./examples/example-rows.ts";
import { movePictures } from "./move-pictures.ts";
import { holdsDemoShop, mustBeMigrated, readEmptyStore } from "./read-empty-store.ts";
import { demoRegions } from "./regions.ts";
import { renameSalesChannel } from "./rename-sales-channel.ts";
import { catalogueRows } from "./rows/catalogue-rows.ts";
import { customerRows, serviceRows } from "./rows/customer-rows.ts";
import { type DemoContext, demoIds, type TableRows } from "./rows/demo-context.ts";
import { historyRows } from "./rows/history-rows.ts";
import { priceRows } from "./rows/price-rows.ts";
import { productRows } from "./rows/product-rows.ts";
import { promotionRows } from "./rows/promotion-rows.ts";
import { regionRows } from "./rows/region-rows.ts";

interface SeedOptions {
  /** The server's public address; the URLs of the pictures begin with it. */
  publicUrl: string;
  /** Receives lines about the progress. */
  log: (line: string) => void;
}

/** The demo shop in a database. */
export interface SeededDemo {
  /** False if the database already held the demo shop. */
  seeded: boolean;
  shop: string;
  customer: { email: string; password: string };
  giftCardCode: string;
  /** A publishable key of the demo's sales channel; null if it has been deleted since. */
  publishableKey: string | null;
}

const SEED_LOCK = 7_305_142_088;
const PASSWORD_COST = 10;
const ROWS_PER_STATEMENT = 500;

/**
 * Inserts the demo shop into a migrated database without a shop, in one transaction. Concurrent
 * calls wait for each other. If the database already holds the demo shop, only the addresses of its
 * pictures change, where the public address has.
 * @throws StartupError if the database is not migrated, or holds another shop
 */
export function seedDemo(knex: Knex, { publicUrl, log }: SeedOptions): Promise<SeededDemo> {
  return knex.transaction(async (trx) => {
    await trx.raw("select pg_advisory_xact_lock(?)", [SEED_LOCK]);
    await mustBeMigrated(trx);
    const exists = await holdsDemoShop(trx);
    const address = publicUrl.replace(/\/+$/, "");
    if (exists) await keepShop(trx, address, log);
    else await fillShop(trx, address, log);
    return {
      seeded: !exists,
      shop: demoShop.name,
      customer: { ...demoCustomer },
      giftCardCode: demoGiftCard.code,
      publishableKey: await findPublishableKey(trx),
    };
  });
}

/** Leaves the shop as it is, except that its pictures move to the server's present address. */
async function keepShop(
  trx: Knex.Transaction,
  publicUrl: string,
  log: SeedOptions["log"],
): Promise<void> {
  log(`The database already holds the demo shop ${demoShop.name}`);
  const moved = await movePictures(trx, publicUrl);
  if (moved > 0) log(`Moved the addresses of ${moved} pictures to ${publicUrl}`);
}

async function fillShop(
  trx: Knex.Transaction,
  publicUrl: string,
  log: SeedOptions["log"],
): Promise<void> {
  const store = await renameSalesChannel(trx, await readEmptyStore(trx));
  const context = {
    ...store,
    ids: demoIds(),
    now: new Date(),
    publicUrl,
  };
  await updateStore(trx, context);
  const tables = demoTables(context, await bcrypt.hash(demoCustomer.password, PASSWORD_COST));
  for (const { table, rows } of tables) await insertRows(trx, table, rows);
  await linkRows(trx, context);
  // Statements are planned once on each connection, often before PostgreSQL itself gets to this.
  const seeded = new Set(tables.map(({ table }) => `"${table}"`));
  await trx.raw(`analyze ${[...seeded].join(", ")}`);
  const products = tables.find(({ table }) => table === "product")?.rows.length;
  log(
    `Seeded the demo shop ${demoShop.name}: ${products} products in ${demoRegions.length} regions`,
  );
}

/** Returns all rows of the demo shop; a row comes after those that it refers to. */
function demoTables(context: DemoContext, passwordHash: string): TableRows[] {
  return [
    ...catalogueRows(context),
    ...regionRows(context),
    ...productRows(context),
    ...customerRows(context, passwordHash),
    ...priceRows(context),
    ...promotionRows(context),
    ...serviceRows(context),
    ...historyRows(context),
    ...exampleRows(context),
  ];
}

async function insertRows(
  trx: Knex.Transaction,
  table: string,
  rows: TableRows["rows"],
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    await trx(table).insert(rows.slice(start, start + ROWS_PER_STATEMENT));
  }
}

/** Sets the store's name, mark and currencies, and in which currencies prices include tax. */
async function updateStore(trx: Knex.Transaction, { storeId }: DemoContext): Promise<void> {
  await trx("store")
    .where({ id: storeId })
    .update({
      name: demoShop.name,
      default_currency_code: demoShop.defaultCurrency,
      metadata: trx.raw("coalesce(metadata, '{}') || ?::jsonb", [
        JSON.stringify({ demo_shop: demoShop.mark }),
      ]),
      updated_at: trx.fn.now(),
    });
  const currencies = demoRegions.map(({ currency }) => ({
    store_id: storeId,
    currency_code: currency,
  }));
  await trx("store_currencies")
    .insert(currencies)
    .onConflict(["store_id", "currency_code"])
    .ignore();
  const inclusive = demoRegions
    .filter(({ includesTax }) => includesTax)
    .map(({ currency }) => currency);
  await trx("currency").whereIn("code", inclusive).update({ includes_tax: true });
}

/** Sets the references to rows that are inserted later than the referring row. */
async function linkRows(trx: Knex.Transaction, { ids }: DemoContext): Promise<void> {
  for (const { key, countries } of demoRegions) {
    await trx("country")
      .whereIn("iso_2", countries)
      .update({ region_id: ids("reg", key) });
  }
  await trx("customer")
    .where({ id: ids("cus", demoCustomer.email) })
    .update({ billing_address_id: ids("addr", demoAddresses[0].address_1) });
  await trx.raw("update cart set payment_id = p.id from payment p where p.cart_id = cart.id");
}

async function findPublishableKey(trx: Knex.Transaction): Promise<string | null> {
  const key = await trx("publishable_api_key")
    .where({ title: demoShop.publishableKeyTitle, revoked_at: null })
    .first("id");
  return key?.id ?? null;
}
