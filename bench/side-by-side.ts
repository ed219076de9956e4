import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { installMedusa } from "../test/medusa/install-medusa.ts";
import { hasRedisModules } from "../test/medusa/medusa-config.ts";
import { Closers } from "../test/support/closers.ts";
import { findRedis } from "../test/support/redis-server.ts";
import type { Bench, PlannedStep } from "./side-by-side/bench.ts";
import { buildDatabases, openDatabaseServer } from "./side-by-side/database.ts";
import { planCheckouts, planLargeCarts } from "./side-by-side/measure-checkouts.ts";
import { planDelay } from "./side-by-side/measure-delay.ts";
import { planLogins } from "./side-by-side/measure-logins.ts";
import { planMinutes } from "./side-by-side/measure-minutes.ts";
import { planMixed } from "./side-by-side/measure-mixed.ts";
import { type OpenShop, planReads, planReadsOfManyProducts } from "./side-by-side/measure-reads.ts";
import { planStarts } from "./side-by-side/measure-start.ts";
import { readOptions } from "./side-by-side/options.ts";
import { printProfile } from "./side-by-side/profile.ts";
import { runSteps } from "./side-by-side/progress.ts";
import {
  DEMO,
  MEDUSA,
  type Minute,
  type MixedLevel,
  NETTLE,
  type Recovery,
  type Report,
  type Start,
  UNCACHED,
} from "./side-by-side/report.ts";
import { type Server, startMedusa, startNettle } from "./side-by-side/servers.ts";
import { loadShop } from "./side-by-side/shop.ts";
import { openStatementLoop } from "./side-by-side/statement-loop.ts";
import { printTargets, targetsOf } from "./side-by-side/targets.ts";
import { fileOf, writeDocuments } from "./side-by-side/write-documents.ts";

/** Measures Nettle beside a real Medusa 1.20.11, and beside what limits both; see README. */
const NO_MEMORY = { CATALOGUE_MEMORY: "0" };
/** With fewer the catalogue never fills the memory of a run of many minutes. */
const PRODUCTS_OF_A_LONG_RUN = 2000;

const options = readOptions(process.argv.slice(2));
const closers = new Closers();
const bench: Bench = { options, closers, workloads: [] };
await closers.runToEnd(async () => {
  const report = await measure();
  if (report) finish(report);
});

async function measure(): Promise<Report | undefined> {
  const server = await openDatabaseServer(closers);
  const redis = await findRedis();
  if (redis) closers.add(() => redis.stop());
  else console.error("There is no Redis: both servers keep sessions without it");
  const { profile, minutes } = options;
  const products = options.products || (minutes > 0 ? PRODUCTS_OF_A_LONG_RUN : 0);
  console.error(`Building a shop${products > 0 ? ` with ${products} products` : ""}`);
  const databases = await buildDatabases(closers, server, "shop", products);
  const place = { databaseUrl: databases.nettle, redisUrl: redis?.url };
  if (profile) {
    await printProfile(closers, place, profile);
    return undefined;
  }
  const beside = { ...place, databaseUrl: databases.medusa };
  const base: Report = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, ${cpus()[0]?.model.trim()}, Node ${process.version}`,
    isQuick: options.isQuick,
    products,
    rounds: options.rounds,
    seconds: options.seconds,
    redis: redis ? useOfRedis() : "none",
    workloads: bench.workloads,
  };
  const servers = {
    nettle: () => startNettle(closers, NETTLE, place),
    uncached: () => startNettle(closers, UNCACHED, place, NO_MEMORY),
    medusa: () => startMedusa(closers, MEDUSA, beside),
  };
  if (minutes > 0) {
    const done: Minute[] = [];
    await runSteps(bench, [planMinutes(bench, await opened(servers.nettle()), done)]);
    return { ...base, minutes: done };
  }
  if (products > 0) {
    const small = await buildDatabases(closers, server, "demo", 0);
    const demo = { ...place, databaseUrl: small.nettle };
    const steps = planReadsOfManyProducts(bench, {
      uncached: await opened(servers.uncached()),
      demo: await opened(startNettle(closers, DEMO, demo, NO_MEMORY)),
      medusa: await opened(servers.medusa()),
      statements: await openStatementLoop(closers, databases.nettle),
    });
    await runSteps(bench, steps);
    return base;
  }
  return { ...base, ...(await measureShop(databases.nettle, servers)) };
}

type Starters = Readonly<Record<"nettle" | "uncached" | "medusa", () => Promise<Server>>>;

/** Measures all workloads on the demo shop. */
async function measureShop(databaseUrl: string, servers: Starters): Promise<Partial<Report>> {
  const start: Start[] = [];
  await runSteps(
    bench,
    planStarts(bench, start, [
      { name: NETTLE, seconds: 1, start: servers.nettle },
      { name: MEDUSA, seconds: 5, start: servers.medusa },
    ]),
  );
  const nettle = await opened(servers.nettle());
  const uncached = await opened(servers.uncached());
  const medusa = await opened(servers.medusa());
  const statements = await openStatementLoop(closers, databaseUrl);
  const [levels, recovery]: [MixedLevel[], Recovery[]] = [[], []];
  let delay: Report["delay"];
  const both = [nettle, medusa];
  const steps: PlannedStep[] = [
    ...(await planReads(bench, { nettle, uncached, medusa, statements })),
    planCheckouts(bench, nettle, medusa, statements),
    ...(options.isQuick
      ? []
      : [
          planLargeCarts(bench, nettle, medusa),
          ...planLogins(
            bench,
            both.map(({ server }) => server),
          ),
          planDelay(nettle.server.url, databaseUrl, (measured) => {
            delay = measured;
          }),
        ]),
    ...planMixed(bench, both, { levels, recovery }),
  ];
  await runSteps(bench, steps);
  return { start, mixed: levels, recovery, ...(delay && { delay }) };
}

async function opened(starting: Promise<Server>): Promise<OpenShop> {
  const server = await starting;
  return { server, shop: await loadShop(server.url) };
}

function useOfRedis(): Report["redis"] {
  return hasRedisModules(installMedusa()) ? "sessions and Medusa's modules" : "sessions";
}

/**
 * Writes the figures, and fails if a request failed that should have succeeded. Medusa fails in
 * what is measured (eight shoppers who buy one product), so its failures are only shown.
 */
function finish(report: Report): void {
  if (closers.isClosing) return;
  printTargets(targetsOf([report]));
  const file = fileOf(report, options.isWritten);
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
  console.log(`Written to ${file}`);
  if (options.isWritten) writeDocuments();
  const failed = report.workloads.filter(
    ({ figures, mayFail }) =>
      !mayFail && figures.some(({ server, errors }) => server !== MEDUSA && errors.length > 0),
  );
  for (const { name } of failed) console.error(`Requests failed that should succeed: ${name}`);
  if (failed.length > 0) process.exitCode = 1;
}
