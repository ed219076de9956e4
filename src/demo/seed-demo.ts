import bcrypt from "bcrypt";
import type { Knex } from "knex";
import { demoAddresses, demoCustomer, demoGiftCard, demoShop } from "./demo-shop.ts";
import { holdsDemoShop, mustBeMigrated, readEmptyStore } from "./read-empty-store.ts";
import { demoRegions } from "./regions.ts";
import { catalogueRows } from "./rows/catalogue-rows.ts";
import { customerRows, serviceRows } from "./rows/customer-rows.ts";
import { type DemoContext, demoIds, type TableRows } from "./rows/demo-context.ts";
import { priceRows } from "./rows/price-rows.ts";
import { productRows } from "./rows/product-rows.ts";
import { promotionRows } from "./rows/promotion-rows.ts";
import { regionRows } from "./rows/region-rows.ts";

interface SeedOptions {
  /** Where the server is reached from outside; the pictures' addresses begin with it. */
  publicUrl: string;
  /** Told what was done, a line at a time. */
  log: (line: string) => void;
}

export interface SeededDemo {
  /** False when the demo shop was there already. */
  seeded: boolean;
  shop: string;
  customer: { email: string; password: string };
  giftCardCode: string;
  /** A publishable key of the demo's sales channel; null when somebody has deleted it since. */
  publishableKey: string | null;
}

const seedLock = 7_305_142_088;
const passwordCost = 10;
const rowsPerStatement = 500;

/**
 * Puts the demo shop into a migrated database that holds no shop, all of it or nothing. Two at once
 * take turns, and where it stands already nothing changes.
 * @throws StartFailure the database is not migrated, or holds somebody's shop
 */
export function seedDemo(knex: Knex, { publicUrl, log }: SeedOptions): Promise<SeededDemo> {
  return knex.transaction(async (trx) => {
    await trx.raw("select pg_advisory_xact_lock(?)", [seedLock]);
    await mustBeMigrated(trx);
    const there = await holdsDemoShop(trx);
    if (there) log(`The demo shop ${demoShop.name} is there already`);
    else await fillShop(trx, publicUrl, log);
    return {
      seeded: !there,
      shop: demoShop.name,
      customer: { ...demoCustomer },
      giftCardCode: demoGiftCard.code,
      publishableKey: await findPublishableKey(trx),
    };
  });
}

async function fillShop(
  trx: Knex.Transaction,
  publicUrl: string,
  log: SeedOptions["log"],
): Promise<void> {
  const store = await readEmptyStore(trx);
  const context = {
    ...store,
    ids: demoIds(),
    now: new Date(),
    publicUrl: publicUrl.replace(/\/+$/, ""),
  };
  await openStore(trx, context);
  const tables = demoTables(context, await bcrypt.hash(demoCustomer.password, passwordCost));
  for (const { table, rows } of tables) await insertRows(trx, table, rows);
  await linkRows(trx, context);
  const products = tables.find(({ table }) => table === "product")?.rows.length;
  log(
    `Seeded the demo shop ${demoShop.name}: ${products} products in ${demoRegions.length} regions`,
  );
}

/** Every row of the demo shop, those that others point to first. */
function demoTables(context: DemoContext, passwordHash: string): TableRows[] {
  return [
    ...catalogueRows(context),
    ...regionRows(context),
    ...productRows(context),
    ...customerRows(context, passwordHash),
    ...priceRows(context),
    ...promotionRows(context),
    ...serviceRows(context),
  ];
}

async function insertRows(
  trx: Knex.Transaction,
  table: string,
  rows: TableRows["rows"],
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await trx(table).insert(rows.slice(start, start + rowsPerStatement));
  }
}

/** The store's name, its mark and its currencies; in some of them prices include tax. */
async function openStore(trx: Knex.Transaction, { storeId }: DemoContext): Promise<void> {
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

/** What points to a row that was inserted after it. */
async function linkRows(trx: Knex.Transaction, { ids }: DemoContext): Promise<void> {
  for (const { key, countries } of demoRegions) {
    await trx("country")
      .whereIn("iso_2", countries)
      .update({ region_id: ids("reg", key) });
  }
  await trx("customer")
    .where({ id: ids("cus", demoCustomer.email) })
    .update({ billing_address_id: ids("addr", demoAddresses[0].address_1) });
}

async function findPublishableKey(trx: Knex.Transaction): Promise<string | null> {
  const key = await trx("publishable_api_key")
    .where({ title: demoShop.publishableKeyTitle, revoked_at: null })
    .first("id");
  return key?.id ?? null;
}
