import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import supertest from "supertest";
import { afterAll, beforeAll } from "vitest";
import { buildProgram, type ServerProcess } from "../start/build-program.ts";
import {
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../support/fake-payment-provider.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import type { Answer, ApiClient } from "../support/open-shop.ts";
import { openTcpProxy, type TcpProxy } from "../support/open-tcp-proxy.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";

const VICTIM_NAME = "doomed";

/** A shop of several processes on one database, with a payment service; one of them is doomed. */
export interface Servers {
  readonly knex: Knex;
  readonly service: FakePaymentProvider;
  /** What the doomed process reaches its database through. */
  readonly proxy: TcpProxy;
  /** The address of a process that lives on. */
  readonly survivor: string;
  serve(): Promise<ServerProcess>;
  serveVictim(): Promise<ServerProcess>;
  /** Waits until the doomed process waits for a lock in the database. */
  waitUntilVictimIsBlocked(): Promise<void>;
  /** Ends all connections that the doomed process has, or one that is at a statement. */
  terminateVictimConnections(): Promise<void>;
  /** Holds the lock of a row until the function that it gives is called. */
  lockRow(table: string, row: object): Promise<() => Promise<void>>;
  /** Waits until the payment service is asked for a step. */
  waitForProviderCall(step: string): Promise<void>;
}

/** Opens them for the stories of a file. */
export function openServers(settings: Readonly<Record<string, string>> = {}): Servers {
  const program = buildProgram();
  const folder = mkdtempSync(join(tmpdir(), "nettle-cut-off-"));
  let [database, service, proxy, survivor]: [
    TestDatabase?,
    FakePaymentProvider?,
    TcpProxy?,
    ServerProcess?,
  ] = [];
  const secrets = {
    JWT_SECRET: "jwt-secret",
    COOKIE_SECRET: "cookie-secret",
    RATE_LIMIT: "off",
    PROVIDERS: "./pay.mjs",
  };
  const start = (url: string) =>
    program.serve({ DATABASE_URL: url, ...secrets, ...settings }, folder);
  beforeAll(async () => {
    [database, service] = [await openDatabase(), await startFakePaymentProvider()];
    proxy = await openTcpProxy(database.url);
    writePaymentModule(join(folder, "pay.mjs"), service.url);
    survivor = await start(database.url);
  });
  afterAll(async () => {
    program.remove();
    await proxy?.close();
    await service?.close();
    await database?.drop();
    rmSync(folder, { recursive: true });
  });
  const knex = () => database!.knex;
  const isTrue = async (question: string) =>
    (await knex().raw(`select exists (${question}) as yes`)).rows[0].yes;
  return {
    get knex() {
      return knex();
    },
    get service() {
      return service!;
    },
    get proxy() {
      return proxy!;
    },
    get survivor() {
      return survivor!.url;
    },
    serve: () => start(database!.url),
    serveVictim: () => {
      const url = new URL(proxy!.url);
      url.searchParams.set("application_name", VICTIM_NAME);
      return start(url.href);
    },
    waitUntilVictimIsBlocked: async () => {
      const waiting = `select 1 from pg_stat_activity where application_name = '${VICTIM_NAME}' and wait_event_type = 'Lock'`;
      while (!(await isTrue(waiting))) await sleep(10);
    },
    terminateVictimConnections: async () => {
      await knex().raw(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${VICTIM_NAME}'`,
      );
    },
    lockRow: async (table, row) => {
      const trx = await knex().transaction();
      await trx(table).where(row).forUpdate();
      return async () => void (await trx.rollback());
    },
    waitForProviderCall: async (step) => {
      const before = service!.requestedSteps.length;
      while (!service!.requestedSteps.slice(before).includes(step)) await sleep(5);
    },
  };
}

/** Somebody without cookies at a process. */
export function clientAt(url: string): ApiClient {
  const send = async (request: supertest.Test): Promise<Answer> => {
    const { status, body, text, headers } = await request;
    return { status, body, text, headers };
  };
  return {
    get: (path, headers = {}) => send(supertest(url).get(path).set(headers)),
    post: (path, body, headers = {}) =>
      send(
        supertest(url)
          .post(path)
          .set(headers)
          .send(body as object),
      ),
    delete: (path, headers = {}) => send(supertest(url).delete(path).set(headers)),
  };
}
