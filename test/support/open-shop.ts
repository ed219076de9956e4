import { createServer, type Server } from "node:http";
import type { Knex } from "knex";
import supertest from "supertest";
import { afterAll, beforeAll } from "vitest";
import { createApp } from "../../src/app.ts";
import { composeShop } from "../../src/compose.ts";
import { readConfig } from "../../src/config/config.ts";
import { installProviders } from "../../src/providers/install-providers.ts";
import { createProviders, type OwnProviders } from "../../src/providers/providers.ts";
import { createLog } from "../../src/runtime/log.ts";
import { connectRedis } from "../../src/runtime/redis.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { checkAnswer } from "./check-answer.ts";
import { openDatabase, type TestDatabase } from "./open-database.ts";

export type { Answer, ApiClient } from "./api-client.ts";

/** A running shop on its own database. Its own requests are sent without cookies. */
export interface Shop extends ApiClient {
  readonly knex: Knex;
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: TestDatabase;
  /** Returns a client that keeps cookies. */
  openBrowser(): ApiClient;
}

interface Options {
  /** Settings in addition to the usual ones of a test, which include `RATE_LIMIT=off`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Providers in addition to the built-in ones. */
  readonly providers?: Partial<OwnProviders>;
  /** Fills the shop before the first test. */
  readonly fill?: (knex: Knex) => Promise<void>;
}

/**
 * Opens a shop over HTTP for the tests of a file; call it in `describe` or at the top. Every
 * response is checked against the schema that its route declares.
 */
export function openShop(options: Options = {}): Shop {
  const opened: { server?: Server; database?: TestDatabase; close?: () => Promise<void> } = {};
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
    get databaseUrl() {
      return running(opened.database).url;
    },
    get url() {
      const address = running(opened.server).address() as { port: number };
      return `http://127.0.0.1:${address.port}`;
    },
  };
}

async function open({ settings = {}, providers: own = {}, fill }: Options) {
  const database = await openDatabase();
  await fill?.(database.knex);
  const config = readConfig({
    DATABASE_URL: database.url,
    JWT_SECRET: "jwt-secret",
    COOKIE_SECRET: "cookie-secret",
    STORE_CORS: "http://localhost:8000",
    RATE_LIMIT: "off",
    LOG_LEVEL: "error",
    ...settings,
  });
  const log = createLog(config.logLevel);
  const redis = config.redisUrl ? await connectRedis(config.redisUrl, log) : undefined;
  const providers = createProviders(config.providers.seconds, own);
  await installProviders(database.knex, providers);
  const { knex } = database;
  const shop = composeShop(config, { knex, providers, log });
  const server = createServer(createApp(config, { knex, redis, log, onAnswer: checkAnswer }, shop));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const close = async () => {
    await new Promise((done) => server.close(done));
    redis?.disconnect();
    await database.drop();
  };
  return { server, database, close };
}
