import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { afterAll, beforeAll } from "vitest";
import { buildProgram, type ServerProcess } from "../start/build-program.ts";
import type { Answer } from "./api-client.ts";
import { type FakePaymentProvider, startFakePaymentProvider } from "./fake-payment-provider.ts";
import { openDatabase, type TestDatabase } from "./open-database.ts";
import { openTcpProxy, type TcpProxy } from "./open-tcp-proxy.ts";
import { writePaymentModule } from "./write-payment-module.ts";

const VICTIM_NAME = "nettle-victim";

/** Several processes of one shop on one database, with a fake payment provider, `remote`. */
export interface Servers {
  readonly database: TestDatabase;
  readonly knex: Knex;
  readonly service: FakePaymentProvider;
  /** Connects the victim with its database. */
  readonly proxy: TcpProxy;
  /** The address of a process that keeps running. */
  readonly survivor: string;
  /** Starts one more process. */
  serve(): Promise<ServerProcess>;
  /** Starts a process that the test will kill, stop or disconnect. */
  serveVictim(): Promise<ServerProcess>;
  /** Waits until the victim waits for a lock in the database. */
  waitUntilVictimIsBlocked(): Promise<void>;
  /** Ends the victim's database connections, also in the middle of a statement. */
  terminateVictimConnections(): Promise<void>;
  /** Locks a row and returns the function that releases it. */
  lockRow(table: string, row: object): Promise<() => Promise<void>>;
  /**
   * Waits until the fake payment provider receives a request for a step.
   * @throws after 30 seconds
   */
  waitForProviderCall(step: string): Promise<void>;
}

interface ServersOptions {
  /** Settings of every process. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether a process is started before the tests. */
  readonly survivor?: boolean;
}

/** Opens them for the tests of a file. */
export function openServers({ settings = {}, survivor = true }: ServersOptions = {}): Servers {
  const program = buildProgram();
  const folder = mkdtempSync(join(tmpdir(), "nettle-servers-"));
  const opened: {
    database?: TestDatabase;
    service?: FakePaymentProvider;
    proxy?: TcpProxy;
    survivor?: ServerProcess;
  } = {};
  const start = (databaseUrl: string) =>
    program.serve(
      {
        DATABASE_URL: databaseUrl,
        JWT_SECRET: "jwt-secret",
        COOKIE_SECRET: "cookie-secret",
        RATE_LIMIT: "off",
        PROVIDERS: "./pay.mjs",
        ...settings,
      },
      folder,
    );
  beforeAll(async () => {
    opened.database = await openDatabase();
    opened.service = await startFakePaymentProvider();
    opened.proxy = await openTcpProxy(opened.database.url);
    writePaymentModule(join(folder, "pay.mjs"), opened.service.url);
    if (survivor) opened.survivor = await start(opened.database.url);
  });
  afterAll(async () => {
    program.remove();
    await opened.proxy?.close();
    await opened.service?.close();
    await opened.database?.drop();
    rmSync(folder, { recursive: true });
  });
  return {
    get database() {
      return opened.database!;
    },
    get knex() {
      return opened.database!.knex;
    },
    get service() {
      return opened.service!;
    },
    get proxy() {
      return opened.proxy!;
    },
    get survivor() {
      return opened.survivor!.url;
    },
    serve: () => start(opened.database!.url),
    serveVictim: () => {
      const url = new URL(opened.proxy!.url);
      url.searchParams.set("application_name", VICTIM_NAME);
      return start(url.href);
    },
    waitUntilVictimIsBlocked: async () => {
      while ((await victims(opened.database!.knex).where({ wait_event_type: "Lock" })).length === 0)
        await sleep(10);
    },
    terminateVictimConnections: async () => {
      const { knex } = opened.database!;
      await victims(knex).select(knex.raw("pg_terminate_backend(pid)"));
    },
    lockRow: async (table, row) => {
      const trx = await opened.database!.knex.transaction();
      await trx(table).where(row).forUpdate();
      return async () => void (await trx.rollback());
    },
    waitForProviderCall: async (step) => {
      const { requestedSteps } = opened.service!;
      const before = requestedSteps.length;
      const deadline = performance.now() + 30_000;
      while (!requestedSteps.slice(before).includes(step)) {
        if (performance.now() > deadline) {
          const received = requestedSteps.slice(before).join(", ") || "nothing";
          throw new Error(`The provider waited for "${step}" and received ${received}`);
        }
        await sleep(5);
      }
    },
  };
}

/** The victim's connections to the database. */
const victims = (knex: Knex) => knex("pg_stat_activity").where({ application_name: VICTIM_NAME });

/** Returns how a request ended whose server a test kills: with a status or without an answer. */
export const endOf = (answer: Promise<Answer>): Promise<string> =>
  answer.then(
    ({ status }) => `answered ${status}`,
    () => "cut off",
  );
