import type { Knex } from "knex";
import supertest from "supertest";
import { afterAll, beforeAll, inject } from "vitest";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { type ApiClient, clientAt, createApiClient } from "../support/api-client.ts";
import { openDatabase } from "../support/open-database.ts";
import { logInAsAdmin } from "./log-in-as-admin.ts";
import { openMedusa, secrets } from "./medusa-program.ts";

interface Server {
  readonly url: string;
  /** A client of its Store API, without cookies. */
  readonly store: ApiClient;
  /** Returns a client that keeps cookies. */
  openBrowser(): ApiClient;
}

/** A real Medusa and a Nettle that serve one shop. Nettle has adopted Medusa's database. */
export interface BothServers {
  readonly medusa: Server & {
    /** A client of its Admin API, logged in. */
    readonly admin: ApiClient;
    /** Returns its output so far. */
    out(): string;
    /** Returns the ids of the orders that the shop's own subscriber in it has heard of. */
    heardOrders(): string[];
  };
  readonly nettle: Server;
  readonly knex: Knex;
  /** Starts one more Nettle on the same shop. */
  serve(settings?: Readonly<Record<string, string>>): Promise<ServerProcess>;
  /** Runs a command of Nettle's on the same shop until it exits. */
  run: NettleProgram["run"];
}

/** Opens both servers for the tests of a file; call it at the top. `settings` are Nettle's. */
export function openBoth(settings: Readonly<Record<string, string>> = {}): BothServers {
  const opened: { both?: BothServers; close?: () => Promise<void> } = {};
  beforeAll(async () => Object.assign(opened, await open(settings)));
  afterAll(() => opened.close?.());
  const both = () => {
    if (!opened.both) throw new Error("Both open in beforeAll: use them inside a test");
    return opened.both;
  };
  return {
    get medusa() {
      return both().medusa;
    },
    get nettle() {
      return both().nettle;
    },
    get knex() {
      return both().knex;
    },
    serve: (more) => both().serve(more),
    run: (...words) => both().run(...words),
  };
}

async function open(
  settings: Readonly<Record<string, string>>,
): Promise<{ both: BothServers; close: () => Promise<void> }> {
  const database = await openDatabase();
  const program = buildProgram();
  const redisUrl = inject("redisUrl");
  const medusa = openMedusa({ home: inject("medusaHome"), databaseUrl: database.url, redisUrl });
  const close = async () => {
    program.remove();
    await medusa.remove();
    await database.drop();
  };
  const serve = (more: Readonly<Record<string, string>> = {}) =>
    program.serve({
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      JWT_SECRET: secrets.jwt,
      COOKIE_SECRET: secrets.cookie,
      NETTLE_ADOPT: "on",
      RATE_LIMIT: "off",
      ...settings,
      ...more,
    });
  try {
    const { url, out } = await medusa.start();
    const nettle = await serve();
    const admin = await logInAsAdmin(url);
    await admin.post("/admin/store", { currencies: ["usd", "eur"] });
    const medusaServer = { ...serverAt(url), admin, out };
    const heardOrders = medusa.heardOrders;
    return {
      both: {
        medusa: { ...medusaServer, heardOrders },
        nettle: serverAt(nettle.url),
        knex: database.knex,
        serve,
        run: (command, more, directory) =>
          program.run(command, { DATABASE_URL: database.url, ...more }, directory),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const serverAt = (url: string): Server => ({
  url,
  store: clientAt(url),
  openBrowser: () => createApiClient(() => supertest.agent(url)),
});
