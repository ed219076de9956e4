import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import supertest from "supertest";
import { buildProgram, type Serving } from "../../test/start/nettle.ts";
import { type Mood, type PaymentService, startPaymentService } from "../../test/support/payment-service.ts";
import { type Visitor, visitorBy } from "../../test/support/visitor.ts";
import { writePaymentModule } from "../../test/support/write-payment-module.ts";
import type { Chance } from "./random.ts";

const PROCESSES = 3;
const NAME = "nettle-chaos";

/** Payment companies by the ids of their providers. */
export type Companies = Readonly<Record<"remote" | "other", PaymentService>>;

/** Several processes of one shop, which are killed and come again, and what they rely on, which fails. */
export interface Fleet {
  readonly companies: Companies;
  /** Somebody at whichever process it happens to be. */
  anyone(): Visitor;
  url(): string;
  /** Kills, cuts and disturbs until it is told to stop; then everything runs well again. */
  disturb(): () => Promise<void>;
  /** What the processes have logged as unexpected. */
  faults(): string[];
  close(): Promise<void>;
}

export async function openFleet(knex: Knex, databaseUrl: string, chance: Chance): Promise<Fleet> {
  const program = buildProgram();
  const folder = mkdtempSync(join(tmpdir(), "nettle-chaos-"));
  const companies = { remote: await startPaymentService(), other: await startPaymentService() };
  for (const [id, { url }] of Object.entries(companies)) writePaymentModule(join(folder, `${id}.mjs`), url, id);
  const url = new URL(databaseUrl);
  url.searchParams.set("application_name", NAME);
  const settings = { JWT_SECRET: "jwt-secret", COOKIE_SECRET: "cookie-secret", RATE_LIMIT: "off", PROVIDER_SECONDS: "2" };
  const all: Serving[] = [];
  const whole = { ...settings, DATABASE_URL: url.href, PROVIDERS: "./remote.mjs, ./other.mjs" };
  // One whose connections were cut while it started is started again, as whatever runs servers does.
  const serve = async (tries = 5): Promise<Serving> => {
    try {
      const serving = await program.serve(whole, folder);
      all.push(serving);
      return serving;
    } catch (error) {
      if (tries === 0) throw error;
      return serve(tries - 1);
    }
  };
  const running = [await serve()];
  while (running.length < PROCESSES) running.push(await serve());
  const kill = async () => {
    const place = chance.of(0, PROCESSES - 1);
    running[place]!.signal("SIGKILL");
    running[place] = await serve();
  };
  const cut = () =>
    knex.raw("select pg_terminate_backend(pid) from pg_stat_activity where application_name = ? order by random() limit ?", [
      NAME,
      chance.of(1, 3),
    ]);
  return {
    companies,
    anyone: () => visitorBy(() => supertest(chance.one(running).url)),
    url: () => chance.one(running).url,
    disturb: () => {
      const stopping = new AbortController();
      const often = (pause: [number, number], work: () => unknown) => repeat(stopping.signal, () => chance.of(...pause), work);
      const done = [
        often([1500, 4000], kill),
        often([200, 900], cut),
        often([40, 160], () => trouble(chance.one(Object.values(companies)), chance)),
      ];
      return async () => {
        stopping.abort();
        await Promise.all(done);
      };
    },
    faults: () => all.flatMap((one) => one.out().split("\n")).filter((line) => /"level":(50|60)/.test(line)),
    close: async () => {
      program.remove();
      await Promise.all(Object.values(companies).map((one) => one.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

async function repeat(signal: AbortSignal, pause: () => number, work: () => unknown): Promise<void> {
  while (!signal.aborted) {
    await work();
    await sleep(pause(), undefined, { signal }).catch(() => undefined);
  }
}

const ANY: readonly Mood["how"][] = ["fail", "lose", "slow", "slow", "slow", "nonsense", "hang"];
const AUTHORIZING: readonly Mood["how"][] = ["decline", "more", "take", "take", "lose", "slow"];
const STEPS = ["initiate", "update", "authorize", "authorize", "authorize", "retrieve", "cancel", "refund", "delete"];

/** What next goes wrong at a company. */
function trouble(company: PaymentService, chance: Chance): void {
  const step = chance.one(STEPS);
  const how = chance.one(step === "authorize" && chance.is(0.7) ? AUTHORIZING : ANY);
  company.behave({ step, how, milliseconds: chance.of(50, how === "slow" && chance.is(0.05) ? 8000 : 800) });
}
