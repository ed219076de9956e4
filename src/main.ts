import type { Server } from "node:http";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { createApp } from "./app.ts";
import { composeShop, type ShopConnections } from "./compose.ts";
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
import { accountMails } from "./domains/customers/account-mails.ts";
import { giftCardMails } from "./domains/gift-cards/gift-card-mails.ts";
import { startRelay } from "./events/relay.ts";
import { closeGracefully, createHttpServer, listen } from "./http/server/create-http-server.ts";
import { createMetrics, type Metrics } from "./http/server/metrics.ts";
import { installProviders } from "./providers/install-providers.ts";
import { loadProviders } from "./providers/load-providers.ts";
import { logMailer } from "./providers/notification/log-mailer.ts";
import type { Mailer } from "./providers/notification/mailer.ts";
import { smtpMailer } from "./providers/notification/smtp-mailer.ts";
import { describeProviders } from "./providers/providers.ts";
import type { Log } from "./runtime/log.ts";
import { projectRoot } from "./runtime/project-root.ts";
import { connectRedis } from "./runtime/redis.ts";

/** A server that takes requests. */
export interface RunningServer {
  /** Where it is reached on this machine. */
  readonly url: string;
  /** The embedded database's directory and the demo shop in it, when no DATABASE_URL was given. */
  readonly demo: (SeededDemo & { readonly directory: string }) | undefined;
  /** Stops accepting, lets requests under way finish, then closes what was opened, last first. */
  stop(): Promise<void>;
}

/** How what was opened is closed, in the order of opening. */
type Closers = (() => Promise<unknown>)[];

/**
 * Starts the server: database, migrations, demo shop, HTTP. `onLost` is told when the embedded
 * database ends by itself.
 * @throws StartFailure something a person can put right; what was opened by then is closed again
 */
export async function start(
  config: Config,
  log: Log,
  onLost: (reason: string) => void,
): Promise<RunningServer> {
  const closers: Closers = [];
  try {
    const providers = await loadProviders(config.providers.modules, config.providers.seconds);
    const embedded = config.database.url ? undefined : await startEmbedded(config, onLost, closers);
    const knex = await openAndMigrateDatabase(
      config,
      embedded?.url ?? config.database.url!,
      log,
      closers,
    );
    const demo = embedded
      ? await seedDemo(knex, { publicUrl: config.publicUrl, log: (line) => log.info(line) })
      : undefined;
    const settled = embedded ? await ensureDemoSecrets(config, embedded.directory) : config;
    startEventRelay(settled, knex, embedded !== undefined, log, closers);
    await installProviders(knex, providers);
    log.info(`Providers: ${describeProviders(providers)}`);
    const url = await startHttp(settled, { knex, log, providers }, closers);
    return {
      url,
      demo: demo && { ...demo, directory: embedded!.directory },
      stop: () => closeAll(closers, log),
    };
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
}

/** Starts the database of our own, in the directory that the settings or the machine call for. */
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

async function openAndMigrateDatabase(
  config: Config,
  url: string,
  log: Log,
  closers: Closers,
): Promise<Knex> {
  const knex = await openDatabase(config.database, url);
  closers.push(() => knex.destroy());
  await migrateDatabase(knex, { adopt: config.adopt, log: (line) => log.info(line) });
  return knex;
}

/** Whoever hears of events begins to listen; the demo shop shows its mails in the log. */
function startEventRelay(
  config: Config,
  knex: Knex,
  isDemo: boolean,
  log: Log,
  closers: Closers,
): void {
  const mailer = openMailer(config, isDemo, log, closers);
  const subscribers = mailer
    ? { ...accountMails(mailer, config.mail), ...giftCardMails(mailer, knex) }
    : {};
  closers.push(startRelay(knex, { subscribers, log }));
}

function openMailer(
  { mail, events }: Config,
  isDemo: boolean,
  log: Log,
  closers: Closers,
): Mailer | undefined {
  if (!mail.smtpUrl && isDemo) return logMailer(log);
  if (!mail.smtpUrl) {
    if (!events.forMedusa)
      log.warn(
        "No mails are sent, such as those for forgotten passwords and bought gift cards: SMTP_URL is not set",
      );
    return;
  }
  const mailer = smtpMailer(mail.smtpUrl, mail.from);
  closers.push(async () => mailer.close());
  return mailer;
}

async function startHttp(
  config: Config,
  connections: ShopConnections,
  closers: Closers,
): Promise<string> {
  const { log } = connections;
  const redis = config.redisUrl ? await openRedis(config.redisUrl, log, closers) : undefined;
  const metrics = config.metricsPort === undefined ? undefined : createMetrics();
  if (metrics) await startMetrics(metrics, config, closers);
  const shop = composeShop(config, connections);
  const app = createApp(config, { ...connections, redis, metrics }, shop);
  closers.push(...shop.startWorkers());
  const server: Server = createHttpServer(app, config.http, config.bounds.unread);
  closers.push(() => closeGracefully(server, config.shutdownSeconds));
  const port = await listen(server, config.port, config.host);
  return `http://${config.host ?? "localhost"}:${port}`;
}

async function openRedis(url: string, log: Log, closers: Closers): Promise<Redis> {
  const redis = await connectRedis(url, log);
  closers.push(async () => redis.disconnect());
  return redis;
}

async function startMetrics({ server }: Metrics, config: Config, closers: Closers): Promise<void> {
  closers.push(() => closeGracefully(server, 1));
  await listen(server, config.metricsPort!, config.host);
}

/** Each is closed, whatever happens to the others. */
async function closeAll(closers: Closers, log: Log): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) {
    await close().catch((error: unknown) =>
      log.error({ err: error }, "Something could not be closed"),
    );
  }
}
