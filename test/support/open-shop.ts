import { createServer, type Server } from "node:http";
import type { Knex } from "knex";
import type { DestinationStream } from "pino";
import supertest from "supertest";
import { afterAll, beforeAll } from "vitest";
import { createApp } from "../../src/app.ts";
import { CatalogueMemory } from "../../src/catalogue-memory/catalogue-memory.ts";
import { listenForChanges } from "../../src/catalogue-memory/listen-for-changes.ts";
import { composeShop } from "../../src/compose.ts";
import { readConfig } from "../../src/config/config.ts";
import type { Route } from "../../src/http/routing/route.ts";
import { installProviders } from "../../src/providers/install-providers.ts";
import { logProviderCalls } from "../../src/providers/provider-calls.ts";
import { createProviders, type OwnProviders } from "../../src/providers/providers.ts";
import { createLog } from "../../src/runtime/log.ts";
import { connectRedis } from "../../src/runtime/redis.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { checkAnswer } from "./check-answer.ts";
import { everyEvent } from "./every-event.ts";
import { openDatabase, type TestDatabase } from "./open-database.ts";

export type { Answer, ApiClient } from "./api-client.ts";

/** A running shop on its own database. Its own requests are sent without cookies. */
export interface Shop extends ApiClient {
  readonly knex: Knex;
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: TestDatabase;
  /** Only with the setting CATALOGUE_MEMORY. */
  readonly memory: CatalogueMemory;
  readonly routes: readonly Route[];
  /** The same shop without a memory. Only with the setting CATALOGUE_MEMORY. */
  readonly uncachedUrl: string;
  /** Returns a client that keeps cookies. */
  openBrowser(): ApiClient;
}

interface Options {
  /** Settings in addition to the usual ones of a test, which include `RATE_LIMIT=off`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Providers in addition to the built-in ones. */
  readonly providers?: Partial<OwnProviders>;
  /** Receives what the shop logs. Standard output does, if it is left out. */
  readonly logTo?: DestinationStream;
  /** Returns where to listen for changes of the catalogue, if not at the database itself. */
  readonly openListenUrl?: (databaseUrl: string) => Promise<string>;
  /** Fills the shop before the first test. */
  readonly fill?: (knex: Knex) => Promise<void>;
}

/**
 * Opens a shop over HTTP for the tests of a file; call it in `describe` or at the top. Every
 * response is checked against the schema that its route declares.
 */
export function openShop(options: Options = {}): Shop {
  const opened: {
    server?: Server;
    uncached?: Server | undefined;
    database?: TestDatabase;
    memory?: CatalogueMemory | undefined;
    routes?: readonly Route[];
    close?: () => Promise<void>;
  } = {};
  beforeAll(async () => Object.assign(opened, await open(options)));
  afterAll(() => opened.close?.());
  const running = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("The shop opens in beforeAll: use it inside a test");
    return value;
  };
  const openBrowser = () => createApiClient(() => supertest.agent(running(opened.server)));
  return {
    ...createApiClient(() => supertest(running(opened.server))),
    openBrowser,
    get knex() {
      return running(opened.database).knex;
    },
    get database() {
      return running(opened.database);
    },
    get memory() {
      return running(opened.memory);
    },
    get routes() {
      return running(opened.routes);
    },
    get databaseUrl() {
      return running(opened.database).url;
    },
    get url() {
      return urlOf(running(opened.server));
    },
    get uncachedUrl() {
      return urlOf(running(opened.uncached));
    },
  };
}

async function open(options: Options) {
  const { settings = {}, providers: own = {}, logTo, fill, openListenUrl } = options;
  const database = await openDatabase();
  await fill?.(database.knex);
  const listenUrl = await openListenUrl?.(database.url);
  const config = readConfig({
    DATABASE_URL: database.url,
    JWT_SECRET: "jwt-secret",
    COOKIE_SECRET: "cookie-secret",
    STORE_CORS: "http://localhost:8000",
    RATE_LIMIT: "off",
    LOG_LEVEL: "error",
    ...settings,
  });
  const log = createLog(config.logLevel, { to: logTo });
  const redis = config.redisUrl ? await connectRedis(config.redisUrl, log) : undefined;
  const providers = createProviders(config.providers.seconds, own, logProviderCalls(log));
  await installProviders(database.knex, providers);
  const { knex } = database;
  const shop = composeShop(config, { knex, providers, log, subscribers: [everyEvent] });
  // Tests write rows and read at once, so only those of the memory itself have one.
  const memory = settings["CATALOGUE_MEMORY"]
    ? new CatalogueMemory(config.catalogueMemory, shop.readClock, config.compression.enabled)
    : undefined;
  const stopListening =
    memory &&
    listenForChanges({
      memory,
      url: listenUrl ?? database.url,
      log,
      // A busy machine shall not end a story of what stays in memory.
      ...(listenUrl ? {} : { trustedMs: 30_000 }),
    });
  const connections = { knex, redis, log, memory, onAnswer: checkAnswer };
  const server = await listening(createServer(createApp(config, connections, shop)));
  const withoutMemory = { ...connections, memory: undefined };
  const uncached =
    memory && (await listening(createServer(createApp(config, withoutMemory, shop))));
  const close = async () => {
    for (const each of [server, uncached]) if (each) await new Promise((done) => each.close(done));
    await stopListening?.();
    redis?.disconnect();
    await database.drop();
  };
  return { server, uncached, database, memory, routes: shop.routes, close };
}

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

function urlOf(server: Server): string {
  const address = server.address() as { port: number };
  return `http://127.0.0.1:${address.port}`;
}
