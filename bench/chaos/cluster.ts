import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { buildProgram, type ServerProcess } from "../../test/start/build-program.ts";
import { type ApiClient, clientAt } from "../../test/support/api-client.ts";
import {
  type FailureMode,
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../../test/support/fake-payment-provider.ts";
import type { FakeStripe } from "../../test/support/fake-stripe/fake-stripe.ts";
import { writePaymentModule } from "../../test/support/write-payment-module.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { injectStripeFailure, startChaosStripe, stripeSettings } from "./stripe-server.ts";

const PROCESSES = 3;
const APPLICATION_NAME = "nettle-chaos";

/** The fake payment providers, by provider id. */
export type FakeProviders = Readonly<Record<"remote" | "other", FakePaymentProvider>>;

/**
 * Several processes of one shop that are killed and restarted, and the services they use, which
 * fail.
 */
export interface Cluster {
  readonly providers: FakeProviders;
  readonly stripe: FakeStripe;
  /** Returns a client of a random process. */
  anyClient(): ApiClient;
  url(): string;
  /** Injects failures until the returned function is called; then everything runs normally. */
  injectFailures(): () => Promise<void>;
  /** Returns the error lines that the processes have logged. */
  unexpectedErrors(): string[];
  close(): Promise<void>;
}

export async function openCluster(
  knex: Knex,
  databaseUrl: string,
  random: SeededRandom,
): Promise<Cluster> {
  const program = buildProgram();
  const folder = mkdtempSync(join(tmpdir(), "nettle-chaos-"));
  const providers = await startProviders(folder);
  const stripe = await startChaosStripe(random, () => random.pick(running).url);
  const url = new URL(databaseUrl);
  url.searchParams.set("application_name", APPLICATION_NAME);
  const settings = {
    JWT_SECRET: "jwt-secret",
    COOKIE_SECRET: "cookie-secret",
    RATE_LIMIT: "off",
    PROVIDER_SECONDS: "2",
    ...stripeSettings(stripe),
  };
  const all: ServerProcess[] = [];
  const whole = { ...settings, DATABASE_URL: url.href, PROVIDERS: "./remote.mjs, ./other.mjs" };
  // A process whose connections were terminated during its start is started again, as a supervisor
  // would.
  const serve = async (tries = 5): Promise<ServerProcess> => {
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
    const index = random.integer(0, PROCESSES - 1);
    running[index]!.signal("SIGKILL");
    running[index] = await serve();
  };
  const terminateConnections = () =>
    knex.raw(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = ? order by random() limit ?`,
      [APPLICATION_NAME, random.integer(1, 3)],
    );
  return {
    providers,
    stripe,
    anyClient: () => clientAt(random.pick(running).url),
    url: () => random.pick(running).url,
    injectFailures: () => {
      const stopping = new AbortController();
      const repeatedly = (range: [number, number], action: () => unknown) =>
        repeat(stopping.signal, () => random.integer(...range), action);
      const done = [
        repeatedly([1500, 4000], kill),
        repeatedly([200, 900], terminateConnections),
        repeatedly([40, 160], () =>
          injectProviderFailure(random.pick(Object.values(providers)), random),
        ),
        repeatedly([60, 240], () => injectStripeFailure(stripe, random)),
      ];
      return async () => {
        stopping.abort();
        await Promise.all(done);
        stripe.failures.clear();
        await stripe.webhooks.whenDelivered();
      };
    },
    unexpectedErrors: () =>
      all.flatMap((one) => one.out().split("\n")).filter((line) => /"level":(50|60)/.test(line)),
    close: async () => {
      program.remove();
      await Promise.all([...Object.values(providers), stripe].map((one) => one.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

/** Starts the fake payment providers, and writes the modules that call them. */
async function startProviders(folder: string): Promise<FakeProviders> {
  const providers = {
    remote: await startFakePaymentProvider(),
    other: await startFakePaymentProvider(),
  };
  for (const [id, { url }] of Object.entries(providers))
    writePaymentModule(join(folder, `${id}.mjs`), url, id);
  return providers;
}

async function repeat(
  signal: AbortSignal,
  interval: () => number,
  action: () => unknown,
): Promise<void> {
  while (!signal.aborted) {
    await action();
    await sleep(interval(), undefined, { signal }).catch(() => undefined);
  }
}

const STEP_FAILURES: readonly FailureMode["kind"][] = [
  "error",
  "drop_response",
  "slow",
  "slow",
  "slow",
  "invalid_response",
  "timeout",
];
const AUTHORIZE_FAILURES: readonly FailureMode["kind"][] = [
  "decline",
  "requires_more",
  "capture",
  "capture",
  "drop_response",
  "slow",
];
const STEPS = [
  "initiate",
  "update",
  "authorize",
  "authorize",
  "authorize",
  "retrieve",
  "cancel",
  "refund",
  "delete",
];

/** Sets a random failure mode of a provider. */
function injectProviderFailure(provider: FakePaymentProvider, random: SeededRandom): void {
  const step = random.pick(STEPS);
  const kind = random.pick(
    step === "authorize" && random.bool(0.7) ? AUTHORIZE_FAILURES : STEP_FAILURES,
  );
  provider.setFailureMode({
    step,
    kind,
    milliseconds: random.integer(50, kind === "slow" && random.bool(0.05) ? 8000 : 800),
  });
}
