import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import supertest from "supertest";
import { afterAll, beforeAll } from "vitest";
import { buildProgram, type Serving } from "../start/nettle.ts";
import { type DatabaseGate, openDatabaseGate } from "../support/database-gate.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import type { Answer, Visitor } from "../support/open-shop.ts";
import { type PaymentService, startPaymentService } from "../support/payment-service.ts";
import { writePaymentModule } from "../support/write-payment-module.ts";

const DOOMED = "doomed";

/** A shop of several processes on one database, with a payment service; one of them is doomed. */
export interface Servers {
  readonly knex: Knex;
  readonly service: PaymentService;
  /** What the doomed process reaches its database through. */
  readonly gate: DatabaseGate;
  /** The address of a process that lives on. */
  readonly survivor: string;
  serve(): Promise<Serving>;
  serveDoomed(): Promise<Serving>;
  /** Waits until the doomed process waits for a lock in the database. */
  doomedWaits(): Promise<void>;
  /** Ends all connections that the doomed process has, or one that is at a statement. */
  cutDoomed(): Promise<void>;
  /** Holds the lock of a row until the function that it gives is called. */
  hold(table: string, row: object): Promise<() => Promise<void>>;
  /** Waits until the payment service is asked for a step. */
  asked(step: string): Promise<void>;
}

/** Opens them for the stories of a file. */
export function openServers(settings: Readonly<Record<string, string>> = {}): Servers {
  const program = buildProgram();
  const folder = mkdtempSync(join(tmpdir(), "nettle-cut-off-"));
  let [database, service, gate, survivor]: [TestDatabase?, PaymentService?, DatabaseGate?, Serving?] = [];
  const secrets = { JWT_SECRET: "jwt-secret", COOKIE_SECRET: "cookie-secret", RATE_LIMIT: "off", PROVIDERS: "./pay.mjs" };
  const start = (url: string) => program.serve({ DATABASE_URL: url, ...secrets, ...settings }, folder);
  beforeAll(async () => {
    [database, service] = [await openDatabase(), await startPaymentService()];
    gate = await openDatabaseGate(database.url);
    writePaymentModule(join(folder, "pay.mjs"), service.url);
    survivor = await start(database.url);
  });
  afterAll(async () => {
    program.remove();
    await gate?.close();
    await service?.close();
    await database?.drop();
    rmSync(folder, { recursive: true });
  });
  const knex = () => database!.knex;
  const isTrue = async (question: string) => (await knex().raw(`select exists (${question}) as yes`)).rows[0].yes;
  return {
    get knex() {
      return knex();
    },
    get service() {
      return service!;
    },
    get gate() {
      return gate!;
    },
    get survivor() {
      return survivor!.url;
    },
    serve: () => start(database!.url),
    serveDoomed: () => {
      const url = new URL(gate!.url);
      url.searchParams.set("application_name", DOOMED);
      return start(url.href);
    },
    doomedWaits: async () => {
      const waiting = `select 1 from pg_stat_activity where application_name = '${DOOMED}' and wait_event_type = 'Lock'`;
      while (!(await isTrue(waiting))) await sleep(10);
    },
    cutDoomed: async () => {
      await knex().raw(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${DOOMED}'`);
    },
    hold: async (table, row) => {
      const trx = await knex().transaction();
      await trx(table).where(row).forUpdate();
      return async () => void (await trx.rollback());
    },
    asked: async (step) => {
      const before = service!.asked.length;
      while (!service!.asked.slice(before).includes(step)) await sleep(5);
    },
  };
}

/** Somebody without cookies at a process. */
export function visitorAt(url: string): Visitor {
  const send = async (sent: supertest.Test): Promise<Answer> => {
    const { status, body, text, headers } = await sent;
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
