import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { type Connections, createApp } from "./app.ts";
import { CatalogueMemory } from "./catalogue-memory/catalogue-memory.ts";
import { listenForChanges } from "./catalogue-memory/listen-for-changes.ts";
import { composeShop, type Shop } from "./compose.ts";
import type { Config } from "./config/config.ts";
import { ensureDemoSecrets } from "./config/ensure-demo-secrets.ts";
import { addressWithAuthority, connectReplica, openDatabase } from "./database/open-database.ts";
import { Replica } from "./database/replica.ts";
import { loadSubscribers } from "./events/load-subscribers.ts";
import type { Subscriber } from "./events/subscriptions.ts";
import { closeGracefully } from "./http/server/close-gracefully.ts";
import { createHttpServer, listen } from "./http/server/create-http-server.ts";
import { FollowedPictures } from "./http/server/followed-pictures.ts";
import { stateOf } from "./http/server/health.ts";
import { createMetrics, serveMetrics } from "./http/server/metrics.ts";
import { shareMetrics } from "./http/server/shared-metrics.ts";
import { type Operation, watchOperation } from "./http/server/watch-operation.ts";
import { Landing } from "./landing/landing.ts";
import { openMails } from "./mails/open-mails.ts";
import {
  type Closers,
  closeAll,
  type DemoShop,
  type PreparedDatabase,
  prepareDatabase,
  reportEmptyShop,
} from "./prepare-database.ts";
import { installProviders } from "./providers/install-providers.ts";
import { loadConfiguredProviders } from "./providers/load-configured-providers.ts";
import { logMailer } from "./providers/notification/log-mailer.ts";
import type { Mailer } from "./providers/notification/mailer.ts";
import { smtpMailer } from "./providers/notification/smtp-mailer.ts";
import { describeProviders, type Providers } from "./providers/providers.ts";
import { reportMissingProviders } from "./providers/report-missing-providers.ts";
import { readBacklog } from "./read-backlog.ts";
import type { Log } from "./runtime/log.ts";
import { loggedEvents } from "./runtime/logged-events.ts";
import { connectRedis } from "./runtime/redis.ts";

/** A server that accepts requests. */
export interface RunningServer {
  /** Its address on this machine. */
  readonly url: string;
  /** The demo shop and the directory of its embedded database, if no DATABASE_URL was set. */
  readonly demo: DemoShop | undefined;
  /** Its providers by kind. Undefined where worker processes have loaded them. */
  readonly providers?: string;
  /** Stops accepting, lets open requests finish, then closes what was opened, last first. */
  stop(): Promise<void>;
}

/** Where a process stands among others that serve the same port. */
interface Place {
  /** Whether it speaks for all of them: warns, and records the providers in the database. */
  readonly isFirst: boolean;
  /** Opens a port for the metrics of this process. Undefined: another process shows them. */
  readonly showsMetrics: boolean;
}

/**
 * Starts the server: database, migrations, demo shop, background workers, HTTP. Calls `onLost` with
 * a sentence if the embedded database ends by itself.
 * @throws StartupError if a person can fix the cause; what was opened by then is closed again
 */
export function start(
  config: Config,
  log: Log,
  onLost: (reason: string) => void,
): Promise<RunningServer> {
  return closedIfFailed(log, async (closers) => {
    const place = { isFirst: true, showsMetrics: true };
    const providers = await loadProviders(config, log, place);
    const { knex, url, demo } = await prepareDatabase(config, log, onLost, closers);
    return openServer(config, log, { knex, url, demo, providers }, place, closers);
  });
}

/**
 * Starts one of several processes that serve the same port, on a database that is prepared.
 * @throws StartupError if a person can fix the cause; what was opened by then is closed again
 */
export function startBesideOthers(
  config: Config,
  log: Log,
  { url, demo }: PreparedDatabase,
  isFirst: boolean,
): Promise<RunningServer> {
  return closedIfFailed(log, async (closers) => {
    const place = { isFirst, showsMetrics: false };
    const providers = await loadProviders(config, log, place);
    const knex = await openDatabase(config.database, url);
    closers.push(() => knex.destroy());
    return openServer(config, log, { knex, url, demo, providers }, place, closers);
  });
}

async function closedIfFailed(
  log: Log,
  open: (closers: Closers) => Promise<RunningServer>,
): Promise<RunningServer> {
  const closers: Closers = [];
  try {
    return await open(closers);
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
}

/** What a server is opened on. */
interface Foundations {
  readonly knex: Knex;
  /** Its address. */
  readonly url: string;
  readonly demo: DemoShop | undefined;
  readonly providers: Providers;
}

async function loadProviders(config: Config, log: Log, { isFirst }: Place): Promise<Providers> {
  if (isFirst)
    for (const warning of config.warnings) log.warn({ event: "unsafe_setting" }, warning);
  return loadConfiguredProviders(config, log);
}

async function openServer(
  config: Config,
  log: Log,
  { knex, url: databaseUrl, demo, providers }: Foundations,
  place: Place,
  closers: Closers,
): Promise<RunningServer> {
  if (place.isFirst) {
    await recordProviders(config, log, knex, providers);
    await reportEmptyShop(knex, log);
  }

  const settled = demo ? await ensureDemoSecrets(config, demo.directory) : config;
  const mailer = await openMailer(settled, demo !== undefined, log, closers);
  if (!mailer && place.isFirst && !settled.events.forMedusa)
    log.warn(
      { event: "mail_disabled" },
      "SMTP_URL is not set: no mails are sent, for example for forgotten passwords and gift cards",
    );
  const redis = await openRedis(settled, log, closers);

  const replica = openReplica(settled, knex, log, closers);
  const mails = await openMails(settled, knex, mailer);
  const subscribers = await openSubscribers(settled, { knex, mailer, log });
  const shop = composeShop(settled, { knex, replica, providers, mails, log, subscribers });
  closers.push(...(await shop.startWorkers()));
  const memory = openMemory(settled, databaseUrl, shop, log, closers);
  const landing = openLanding(settled, { knex, demo, providers, redis, memory, mailer });
  // A public address that is set is everybody's.
  const follows = demo !== undefined && !settled.isPublicUrlSet;
  const pictures = follows ? new FollowedPictures(settled.publicUrl) : undefined;
  const connections = { knex, redis, log, memory, landing, pictures };
  const url = await startHttp(settled, connections, shop, place, closers);
  return { url, demo, providers: describeProviders(providers), stop: () => closeAll(closers, log) };
}

/** Records which providers this server has, and reports those that the shop lacks. */
async function recordProviders(
  { providers: { areRequired } }: Config,
  log: Log,
  knex: Knex,
  providers: Providers,
): Promise<void> {
  await installProviders(knex, providers);
  log.info({ event: "providers_installed" }, `Providers: ${describeProviders(providers)}`);
  await reportMissingProviders(knex, providers, { areRequired, log });
}

/** What the page at `/` tells of. */
interface Shown {
  readonly knex: Knex;
  readonly demo: DemoShop | undefined;
  readonly providers: Providers;
  readonly redis: Redis | undefined;
  readonly memory: CatalogueMemory | undefined;
  readonly mailer: Mailer | undefined;
}

/** Opens the page at `/`, unless the settings turn it off. */
function openLanding(
  config: Config,
  { knex, demo, providers, redis, memory, mailer }: Shown,
): Landing | undefined {
  if (!config.hasLandingPage) return undefined;
  const mailerKind = config.mail.smtpUrl ? "smtp" : "log";
  return new Landing({
    knex,
    demo,
    server: async () => ({
      redis: redis ? await stateOf(redis.ping()) : "unused",
      providers: describeProviders(providers),
      memory: memory && { hits: memory.counts.hits },
      mail: mailer ? mailerKind : "none",
      origins: config.storeOrigins.map(String),
    }),
  });
}

/** Keeps catalogue answers in memory while it hears of changes, if the settings give it any. */
function openMemory(
  config: Config,
  databaseUrl: string,
  shop: Shop,
  log: Log,
  closers: Closers,
): CatalogueMemory | undefined {
  const { catalogueMemory, database, compression } = config;
  if (catalogueMemory === 0) return;
  const memory = new CatalogueMemory(catalogueMemory, shop.readClock, compression.enabled);
  const url = addressWithAuthority(database, database.listenUrl ?? databaseUrl);
  closers.push(listenForChanges({ memory, url, log }));
  return memory;
}

/** Without a mail server the demo shop shows its mails in the log; another shop sends none. */
async function openMailer(
  { mail }: Config,
  isDemo: boolean,
  log: Log,
  closers: Closers,
): Promise<Mailer | undefined> {
  if (mail.smtpUrl) {
    const mailer = await smtpMailer(mail.smtpUrl, mail.from, mail.tls);
    closers.push(async () => mailer.close());
    return mailer;
  }
  return isDemo ? logMailer(log) : undefined;
}

function openReplica(
  { database }: Config,
  primary: Knex,
  log: Log,
  closers: Closers,
): Replica | undefined {
  if (!database.readUrl) return;
  const knex = connectReplica(database, database.readUrl);
  closers.push(() => knex.destroy());
  return new Replica(knex, primary, database.readLagSeconds * 1000, log);
}

function openSubscribers(
  { events: { modules, subscriberSeconds: seconds } }: Config,
  connections: { knex: Knex; mailer: Mailer | undefined; log: Log },
): Promise<Subscriber[]> {
  return loadSubscribers(modules, { ...connections, seconds });
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
  { showsMetrics }: Place,
  closers: Closers,
): Promise<string> {
  const metrics = config.metrics.port === undefined ? undefined : await createMetrics();
  if (metrics && showsMetrics)
    closers.push(await serveMetrics(metrics.read, config.metrics, connections.log));
  if (metrics && !showsMetrics) await shareMetrics(metrics.registry);
  if (connections.memory) await metrics?.watch(connections.memory);
  if (metrics) await watchOperation(metrics.registry, operationOf(connections.knex));
  const server = createHttpServer(
    createApp(config, { ...connections, metrics }, shop),
    config.http,
    config.bounds.unread,
  );
  closers.push(() => closeGracefully(server, config.shutdownSeconds));
  const port = await listen(server, config.port, config.host);
  return `http://${config.host ?? "localhost"}:${port}`;
}

function operationOf(knex: Knex): Operation {
  return { pool: knex.client.pool, readBacklog: () => readBacklog(knex), loggedEvents };
}
