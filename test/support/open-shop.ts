import { createServer, type Server } from "node:http";
import type { Knex } from "knex";
import supertest from "supertest";
import { afterAll, beforeAll } from "vitest";
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config/config.ts";
import { createLog } from "../../src/log.ts";
import { installProviders } from "../../src/providers/install-providers.ts";
import { gatherProviders, type OwnProviders } from "../../src/providers/providers.ts";
import { connectRedis } from "../../src/redis.ts";
import { checkAnswer } from "./check-answer.ts";
import { openDatabase, type TestDatabase } from "./open-database.ts";
import { type Visitor, visitorBy } from "./visitor.ts";

export type { Answer, Visitor } from "./visitor.ts";

/** A running shop on a database of its own. Its own verbs are those of a visitor without a browser: no cookies. */
export interface Shop extends Visitor {
  readonly knex: Knex;
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: TestDatabase;
  /** Somebody with a browser. */
  visitor(): Visitor;
}

interface Options {
  /** Settings beside the usual ones of a test (`RATE_LIMIT=off` among these). */
  readonly settings?: Readonly<Record<string, string>>;
  /** Providers beside the built-in ones. */
  readonly providers?: Partial<OwnProviders>;
  /** Fills the shop before the first story. */
  readonly fill?: (knex: Knex) => Promise<void>;
}

/**
 * A shop over real HTTP for all stories of a file; call it where they are described. It opens before them and closes after them, and every
 * answer it gives is checked against the schema that its route declares.
 */
export function openShop(options: Options = {}): Shop {
  const opened: { server?: Server; database?: TestDatabase; close?: () => Promise<void> } = {};
  beforeAll(async () => Object.assign(opened, await open(options)));
  afterAll(() => opened.close?.());
  const running = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("The shop opens in beforeAll: use it inside a story");
    return value;
  };
  const visitor = () => visitorBy(() => supertest.agent(running(opened.server)));
  return {
    ...visitorBy(() => supertest(running(opened.server))),
    visitor,
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
  const providers = gatherProviders(config.providers.seconds, own);
  await installProviders(database.knex, providers);
  const server = createServer(createApp(config, { knex: database.knex, redis, providers, log, onAnswer: checkAnswer }));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const close = async () => {
    await new Promise((done) => server.close(done));
    redis?.disconnect();
    await database.drop();
  };
  return { server, database, close };
}
