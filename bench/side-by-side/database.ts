import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { demoCustomer } from "../../src/demo/demo-shop.ts";
import { scryptHash } from "../../src/domains/auth/scrypt-hash.ts";
import { connect, executeOnServer, urlOf } from "../../test/support/database-server.ts";
import { freePort } from "../../test/support/redis-server.ts";
import { findPostgresPrograms } from "../../test/support/streaming-replica.ts";
import { insertManyProducts } from "../insert-many-products.ts";
import type { Closers } from "./closers.ts";

const execute = promisify(execFile);
const NOBODY = 65_534;
/** More than any run sells of a variant. */
const AMPLE_STOCK = 100_000_000;

/**
 * Returns TEST_DATABASE_URL, or starts the machine's own PostgreSQL with its default settings.
 * Medusa cannot use the embedded one, which listens on no port.
 */
export async function openDatabaseServer(closers: Closers): Promise<string> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given) return given;
  const programs = await findPostgresPrograms();
  if (!programs) throw new Error("Install PostgreSQL, or set TEST_DATABASE_URL to a server");
  const folder = await mkdtemp(join(tmpdir(), "nettle-bench-"));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (account.uid) await chown(folder, NOBODY, NOBODY);
  const data = join(folder, "data");
  const words = ["-D", data, "-U", "shop", "--auth=trust", "-E", "UTF8"];
  await execute(join(programs, "initdb"), words, { ...account, cwd: folder });
  const port = await freePort();
  const settings = `listen_addresses = '127.0.0.1'\nport = ${port}\nmax_connections = 200\n`;
  await appendFile(
    join(data, "postgresql.conf"),
    `${settings}unix_socket_directories = '${folder}'\n`,
  );
  if (closers.isClosing) throw new Error("Interrupted");
  // In a group of its own: Ctrl-C must not end it before the databases are dropped.
  const child = spawn(join(programs, "postgres"), ["-D", data], {
    ...{ ...account, cwd: folder, stdio: "ignore", detached: true },
  });
  closers.add(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await ended;
  });
  const url = `postgres://shop@127.0.0.1:${port}/postgres`;
  for (let tries = 0; !(await isUp(url)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error("PostgreSQL does not start");
    await sleep(100);
  }
  return url;
}

async function isUp(url: string): Promise<boolean> {
  return executeOnServer(url, "select 1").then(
    () => true,
    () => false,
  );
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
