import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { type Connections, createApp } from "./app.ts";
import { composeShop, type Shop } from "./compose.ts";
import type { Config } from "./config/config.ts";
import { ensureDemoSecrets } from "./config/ensure-demo-secrets.ts";
import { chooseDirectory } from "./database/embedded/choose-directory.ts";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "./database/embedded/embedded-postgres.ts";
import { migrateDatabase } from "./database/migrate-database.ts";
import { openDatabase } from "./database/open-database.ts";
import { type SeededDemo, seedDemo } from "./demo/seed-demo.ts";
import { closeGracefully, createHttpServer, listen } from "./http/server/create-http-server.ts";
import { createMetrics } from "./http/server/metrics.ts";
import { installProviders } from "./providers/install-providers.ts";
import { loadProviders } from "./providers/load-providers.ts";
import { logMailer } from "./providers/notification/log-mailer.ts";
import type { Mailer } from "./providers/notification/mailer.ts";
import { smtpMailer } from "./providers/notification/smtp-mailer.ts";
import { describeProviders } from "./providers/providers.ts";
import type { Log } from "./runtime/log.ts";
import { projectRoot } from "./runtime/project-root.ts";
import { connectRedis } from "./runtime/redis.ts";

/** A server that accepts requests. */
export interface RunningServer {
  /** Its address on this machine. */
  readonly url: string;
  /** The demo shop and the directory of its embedded database, if no DATABASE_URL was set. */
  readonly demo: DemoShop | undefined;
  /** Stops accepting, lets open requests finish, then closes what was opened, last first. */
  stop(): Promise<void>;
}

type DemoShop = SeededDemo & { readonly directory: string };

/** Functions that close what was opened, in the order of opening. */
type Closers = (() => Promise<unknown>)[];

/**
 * Starts the server: database, migrations, demo shop, background workers, HTTP. Calls `onLost` with
 * a sentence if the embedded database ends by itself.
 * @throws StartupError if a person can fix the cause; what was opened by then is closed again
 */
export async function start(
  config: Config,
  log: Log,
  onLost: (reason: string) => void,
): Promise<RunningServer> {
  const closers: Closers = [];
  for (const warning of config.warnings) log.warn({ event: "unsafe_setting" }, warning);
  try {
    const providers = await loadProviders(config.providers.modules, config.providers.seconds);
    const { knex, demo } = await openShopDatabase(config, log, onLost, closers);
    await installProviders(knex, providers);
    log.info({ event: "providers_installed" }, `Providers: ${describeProviders(providers)}`);

    const settled = demo ? await ensureDemoSecrets(config, demo.directory) : config;
    const mailer = openMailer(settled, demo !== undefined, log, closers);
    const redis = await openRedis(settled, log, closers);

    const shop = composeShop(settled, { knex, providers, mailer, log });
    closers.push(...shop.startWorkers());
    const url = await startHttp(settled, { knex, redis, log }, shop, closers);
    return { url, demo, stop: () => closeAll(closers, log) };
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
}

/** Opens the configured database, or an embedded one with a demo shop, and migrates it. */
async function openShopDatabase(
  config: Config,
  log: Log,
  onLost: (reason: string) => void,
  closers: Closers,
): Promise<{ knex: Knex; demo: DemoShop | undefined }> {
  const { url } = config.database;
  if (url) return { knex: await openAndMigrate(config, url, log, closers), demo: undefined };
  const embedded = await startEmbedded(config, onLost, closers);
  const knex = await openAndMigrate(config, embedded.url, log, closers);
  const seeded = await seedDemo(knex, {
    publicUrl: config.publicUrl,
    log: (line) => log.info({ event: "demo_seed" }, line),
  });
  return { knex, demo: { ...seeded, directory: embedded.directory } };
}

async function startEmbedded(
  config: Config,
  onExit: (reason: string) => void,
  closers: Closers,
): Promise<EmbeddedPostgres> {
  const setting = config.dataDirectory;
  const directory = await chooseDirectory({
    ...(setting ? { setting } : {}),
    projectRoot: projectRoot(),
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

/** Without a mail server the demo shop shows its mails in the log; another shop sends none. */
function openMailer(
  { mail, events }: Config,
  isDemo: boolean,
  log: Log,
  closers: Closers,
): Mailer | undefined {
  if (mail.smtpUrl) {
    const mailer = smtpMailer(mail.smtpUrl, mail.from, mail.tls);
    closers.push(async () => mailer.close());
    return mailer;
  }
  if (isDemo) return logMailer(log);
  if (!events.forMedusa)
    log.warn(
      { event: "mail_disabled" },
      "SMTP_URL is not set: no mails are sent, for example for forgotten passwords and gift cards",
    );
}

async function openRedis(
  { redisUrl }: Config,
  log: Log,
  closers: Closers,
): Promise<Redis | undefined> {
  if (!redisUrl) return;
  const redis = await connectRedis(redisUrl, log);
  closers.push(async () => redis.disconnect());
  return redis;
}

/** Listens for requests, and on a port of its own for metrics. Returns the address. */
async function startHttp(
  config: Config,
  connections: Connections,
  shop: Shop,
  closers: Closers,
): Promise<string> {
  const metrics = config.metrics.port === undefined ? undefined : createMetrics();
  if (metrics) {
    closers.push(() => closeGracefully(metrics.server, 1));
    const port = await listen(metrics.server, config.metrics.port!, config.metrics.host);
    connections.log.info(
      { event: "metrics_listening", host: config.metrics.host, port },
      "Metrics are served",
    );
  }
  const server = createHttpServer(
    createApp(config, { ...connections, metrics }, shop),
    config.http,
    config.bounds.unread,
  );
  closers.push(() => closeGracefully(server, config.shutdownSeconds));
  const port = await listen(server, config.port, config.host);
  return `http://${config.host ?? "localhost"}:${port}`;
}

/** Runs every closer, last first, even if others fail. */
async function closeAll(closers: Closers, log: Log): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) {
    await close().catch((error: unknown) =>
      log.error({ event: "close_failed", err: error }, "Closing a connection or worker failed"),
    );
  }
}
