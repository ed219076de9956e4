import type { Knex } from "knex";
import type { Config } from "./config/config.ts";
import { chooseDirectory } from "./database/embedded/choose-directory.ts";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "./database/embedded/embedded-postgres.ts";
import { migrateDatabase } from "./database/migrate-database.ts";
import { openDatabase } from "./database/open-database.ts";
import { type SeededDemo, seedDemo } from "./demo/seed-demo.ts";
import type { Log } from "./runtime/log.ts";
import { dataRoot } from "./runtime/project-root.ts";

/** A database that is ready for servers. */
export interface PreparedDatabase {
  readonly url: string;
  /** The demo shop and the directory of its embedded database, if no DATABASE_URL was set. */
  readonly demo: DemoShop | undefined;
}

export type DemoShop = SeededDemo & { readonly directory: string };

/** Functions that close what was opened, in the order of opening. */
export type Closers = (() => Promise<unknown>)[];

/**
 * Opens the configured database, or an embedded one with a demo shop, and migrates it. Calls
 * `onLost` with a sentence if the embedded database ends by itself. Adds to `closers` what ends the
 * database and the returned pool.
 * @throws StartupError if the database cannot be used
 */
export async function prepareDatabase(
  config: Config,
  log: Log,
  onLost: (reason: string) => void,
  closers: Closers,
): Promise<PreparedDatabase & { readonly knex: Knex }> {
  const { url } = config.database;
  if (url) return { url, knex: await openAndMigrate(config, url, log, closers), demo: undefined };
  const embedded = await startEmbedded(config, onLost, closers);
  const knex = await openAndMigrate(config, embedded.url, log, closers);
  const seeded = await seedDemo(knex, {
    publicUrl: config.publicUrl,
    log: (line) => log.info({ event: "demo_seed" }, line),
  });
  return { url: embedded.url, knex, demo: { ...seeded, directory: embedded.directory } };
}

async function startEmbedded(
  config: Config,
  onExit: (reason: string) => void,
  closers: Closers,
): Promise<EmbeddedPostgres> {
  const setting = config.dataDirectory;
  const directory = await chooseDirectory({
    ...(setting ? { setting } : {}),
    projectRoot: dataRoot(),
  });
  const embedded = await startEmbeddedPostgres({ directory, onExit });
  closers.push(() => embedded.stop());
  return embedded;
}

async function openAndMigrate(
  config: Config,
  url: string,
  log: Log,
  closers: Closers,
): Promise<Knex> {
  const knex = await openDatabase(config.database, url);
  closers.push(() => knex.destroy());
  await migrateDatabase(knex, {
    adopt: config.adopt,
    log: (line) => log.info({ event: "database_migration" }, line),
  });
  return knex;
}

/** Runs every closer, last first, even if others fail. */
export async function closeAll(closers: Closers, log: Log): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) {
    await close().catch((error: unknown) =>
      log.error({ event: "close_failed", err: error }, "Closing a connection or worker failed"),
    );
  }
}

/** Says how a shop gets filled that has nothing to sell yet. */
export async function reportEmptyShop(knex: Knex, log: Log): Promise<void> {
  const [region, product] = await Promise.all([
    knex("region").whereNull("deleted_at").first("id"),
    knex("product").whereNull("deleted_at").first("id"),
  ]);
  const missing = [...(region ? [] : ["region"]), ...(product ? [] : ["product"])];
  if (missing.length === 0) return;
  log.warn(
    { event: "shop_empty" },
    `The shop has no ${missing.join(" and no ")}. It gets filled by \`npm run nettle -- seed\` ` +
      "(the demo shop), `nettle import`, `nettle apply`, or Medusa's admin on the same database.",
  );
}
