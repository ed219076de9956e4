import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { demoCustomer } from "../../src/demo/demo-shop.ts";
import { scryptHash } from "../../src/domains/auth/scrypt-hash.ts";
import type { Closers } from "../../test/support/closers.ts";
import { connect, executeOnServer, urlOf } from "../../test/support/database-server.ts";
import { startInstalledPostgres } from "../../test/support/installed-postgres.ts";
import { installedPrograms } from "../../test/support/streaming-replica.ts";
import { insertManyProducts } from "../insert-many-products.ts";

const execute = promisify(execFile);
/** More than any run sells of a variant. */
const AMPLE_STOCK = 100_000_000;

/**
 * Returns TEST_DATABASE_URL, or starts the machine's own PostgreSQL. Medusa cannot use the embedded
 * one, which listens on no port.
 * @throws Error there is none, or it does not start
 */
export async function openDatabaseServer(closers: Closers): Promise<string> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given) return given;
  const programs = await installedPrograms();
  if (!programs) throw new Error("Install PostgreSQL, or set TEST_DATABASE_URL to a server");
  return startInstalledPostgres(programs, closers);
}

/** The databases of one comparison. They hold the same rows. */
export interface Databases {
  readonly nettle: string;
  readonly medusa: string;
}

/**
 * Builds the demo shop with some more products and ample stock, and a copy of it that has nothing
 * of Nettle's.
 * @param name the databases' own part of their names
 * @param products how many more, with five variants each in three currencies, and two price lists
 */
export async function buildDatabases(
  closers: Closers,
  server: string,
  name: string,
  products: number,
): Promise<Databases> {
  const names = [`nettle_bench_${name}`, `nettle_bench_${name}_medusa`] as const;
  const [nettle, medusa] = [urlOf(server, names[0]), urlOf(server, names[1])];
  const drop = async () => {
    for (const each of names)
      await executeOnServer(server, `drop database if exists ${each} with (force)`);
  };
  await drop();
  closers.add(drop);
  await executeOnServer(server, `create database ${names[0]}`);
  await run(["migrate"], nettle);
  await run(["seed"], nettle);
  const knex = connect(nettle, 2);
  if (products > 0) {
    const currencies = { eur: 1, usd: 1.1, gbp: 0.9 };
    await insertManyProducts(knex, products, { variants: 5, priceLists: 2, currencies });
  }
  await knex("product_variant")
    .where({ manage_inventory: true })
    .update({ inventory_quantity: AMPLE_STOCK });
  // Medusa reads no other form.
  const password_hash = await scryptHash(demoCustomer.password);
  await knex("customer").where({ email: demoCustomer.email }).update({ password_hash });
  await knex.destroy();
  await executeOnServer(server, `create database ${names[1]} template ${names[0]}`);
  await run(["migrate", "--undo"], medusa);
  for (const database of [nettle, medusa]) await executeOnServer(database, "vacuum analyze");
  return { nettle, medusa };
}

async function run(words: readonly string[], databaseUrl: string): Promise<void> {
  await execute(process.execPath, ["dist/nettle.js", ...words], {
    env: { PATH: process.env["PATH"], DATABASE_URL: databaseUrl },
  });
}
