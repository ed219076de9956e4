import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setInterval as every } from "node:timers/promises";
import type { Knex } from "knex";
import { buildProgram } from "../test/start/build-program.ts";
import { Closers } from "../test/support/closers.ts";
import { connect, executeOnServer, urlOf } from "../test/support/database-server.ts";
import { insertRegion, writeProductCsv } from "./product-csv.ts";
import { openDatabaseServer } from "./side-by-side/database.ts";
import { useOf } from "./side-by-side/process-use.ts";

/**
 * Measures `nettle import` and `nettle export` of many products: into an empty shop, a second time
 * without a change, with other prices, and out again. `node bench/run.mjs product-files 5000`
 * measures fewer than 20,000.
 */
const products = Number(process.argv[2] ?? 20_000);
const closers = new Closers();
await closers.runToEnd(measure);

interface Place {
  readonly program: string;
  readonly url: string;
  readonly knex: Knex;
}

async function measure(): Promise<void> {
  const server = await openDatabaseServer(closers);
  const folder = await mkdtemp(join(tmpdir(), "nettle-bench-"));
  closers.add(() => rm(folder, { recursive: true, force: true }));
  const [first, other, back] = ["first.csv", "other-prices.csv", "back.csv"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await writeProductCsv(createWriteStream(first), products, 0);
  await writeProductCsv(createWriteStream(other), products, 100);
  const built = buildProgram();
  closers.add(() => built.remove());
  const name = `nettle_bench_${randomBytes(4).toString("hex")}`;
  await executeOnServer(server, `create database ${name}`);
  closers.add(() => executeOnServer(server, `drop database ${name} with (force)`));
  const url = urlOf(server, name);
  const knex = connect(url, 2);
  closers.add(() => knex.destroy());
  const place = { program: built.file, url, knex };
  await built.run("migrate", { DATABASE_URL: url });
  await insertRegion(knex);
  const { size } = await stat(first);
  console.log(`${products} products, 3 variants each, ${(size / 1e6).toFixed(0)} MB of CSV`);
  console.log("                 seconds   CPU Nettle   CPU PostgreSQL   MB at most");
  await show("first import", place, ["import", first]);
  await show("the same again", place, ["import", first]);
  await show("other prices", place, ["import", other]);
  await show("export", place, ["export", back]);
  await show("what is exported", place, ["import", back]);
}

async function show(title: string, place: Place, words: readonly string[]): Promise<void> {
  const use = await measureCommand(place, words);
  const columns = [use.seconds, use.cpu, use.cpuOfDatabase].map((each) => each.toFixed(1));
  const [seconds, cpu, ofDatabase] = columns as [string, string, string];
  console.log(
    `${title.padEnd(16)} ${seconds.padStart(7)} ${cpu.padStart(12)} ` +
      `${ofDatabase.padStart(16)} ${use.memory.toFixed(0).padStart(12)}   ${use.said}`,
  );
}

/** Runs a command and returns what it has used, sampled five times a second. */
async function measureCommand({ program, url, knex }: Place, words: readonly string[]) {
  const begin = performance.now();
  const flags = process.env["BENCH_NODE_FLAGS"]?.split(" ") ?? [];
  const child = spawn(process.execPath, [...flags, program, ...words], {
    env: { PATH: process.env["PATH"], DATABASE_URL: url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part) => {
      said = String(part).trim().split("\n").at(-1)!;
    });
  let [cpu, memory] = [0, 0];
  const sessions = new Map<number, number>();
  const ended = once(child, "close");
  for await (const _ of every(200)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const use = useOf(child.pid!);
    [cpu, memory] = [Math.max(cpu, use.cpu), Math.max(memory, use.memory)];
    for (const pid of await sessionsOf(knex)) sessions.set(pid, useOf(pid).cpu);
  }
  await ended;
  if (child.exitCode !== 0) throw new Error(`${words[0]} ended with ${child.exitCode}: ${said}`);
  const cpuOfDatabase = [...sessions.values()].reduce((sum, each) => sum + each, 0);
  return { seconds: (performance.now() - begin) / 1000, cpu, cpuOfDatabase, memory, said };
}

async function sessionsOf(knex: Knex): Promise<number[]> {
  const { rows } = await knex.raw(
    `select pid from pg_stat_activity where datname = current_database()
      and application_name = 'nettle' and pid <> pg_backend_pid()`,
  );
  return rows.map(({ pid }: { pid: number }) => pid);
}
