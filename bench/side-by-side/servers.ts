import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cliOf, installMedusa } from "../../test/medusa/install-medusa.ts";
import { medusaConfig } from "../../test/medusa/medusa-config.ts";
import type { Closers } from "../../test/support/closers.ts";
import { freePort } from "../../test/support/redis-server.ts";

/** A server under measurement, in a process of its own. */
export interface Server {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** From its start to its first answer, in milliseconds. */
  readonly startedIn: number;
  /** The address of its metrics, if it has some. */
  readonly metricsUrl?: string;
  /** Ends it, by SIGKILL unless another signal is named. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ShopPlace {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
}

export const SECRETS = { jwt: "bench-secret-of-no-shop-1", cookie: "bench-secret-of-no-shop-2" };

/** Starts the built Nettle, with its metrics. `flags` are Node's own. */
export async function startNettle(
  closers: Closers,
  name: string,
  { databaseUrl, redisUrl }: ShopPlace,
  settings: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<Server> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const env = {
    DATABASE_URL: databaseUrl,
    ...(redisUrl && { REDIS_URL: redisUrl }),
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    JWT_SECRET: SECRETS.jwt,
    COOKIE_SECRET: SECRETS.cookie,
    PASSWORD_FORM: "scrypt",
    RATE_LIMIT: "off",
    ...settings,
  };
  const words = [...flags, "dist/nettle.js", "serve"];
  const server = await launch(closers, name, words, port, { cwd: process.cwd(), env });
  return { ...server, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` };
}

/** Starts a real Medusa in production mode, with its modules for Redis if they are installed. */
export async function startMedusa(
  closers: Closers,
  name: string,
  { databaseUrl, redisUrl = "" }: ShopPlace,
): Promise<Server> {
  const home = installMedusa();
  const folder = mkdtempSync(join(tmpdir(), "nettle-bench-medusa-"));
  closers.add(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(home, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop" }));
  const config = medusaConfig({ databaseUrl, redisUrl, secrets: SECRETS, modulesIn: home });
  writeFileSync(join(folder, "medusa-config.js"), config);
  const port = await freePort();
  return launch(closers, name, [cliOf(home), "start", "--port", String(port)], port, {
    cwd: folder,
    env: { MEDUSA_DISABLE_TELEMETRY: "true" },
  });
}

/** Starts what only sends recorded answers. */
export async function startBare(
  closers: Closers,
  kind: "http" | "express",
  file: string,
): Promise<Server> {
  const child = spawn(process.execPath, ["bench/side-by-side/bare-server.mjs", kind, file], {
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  closers.add(() => end(child, "SIGKILL"));
  const [line] = await once(child.stdout, "data");
  const url = `http://127.0.0.1:${/\d+/.exec(String(line))![0]}`;
  const name = kind === "http" ? "bare node:http" : "bare Express";
  return { name, url, pid: child.pid!, startedIn: 0, stop: () => end(child, "SIGKILL") };
}

interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 180_000;

/** Its log goes to a file, as it would in production; a reader of it would take a core's time. */
async function launch(
  closers: Closers,
  name: string,
  words: readonly string[],
  port: number,
  { cwd, env }: Surroundings,
): Promise<Server> {
  if (closers.isClosing) throw new Error("Interrupted");
  const logFile = join(tmpdir(), `nettle-bench-${port}.log`);
  const output = openSync(logFile, "w");
  const begin = performance.now();
  const child = spawn(process.execPath, [...words], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_ENV: "production", ...env },
    stdio: ["ignore", output, output],
  });
  const stop = async (signal: NodeJS.Signals = "SIGKILL") => {
    await end(child, signal);
    rmSync(logFile, { force: true });
  };
  closers.add(stop);
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(`${url}/store/regions`))) {
    if (child.exitCode !== null || performance.now() - begin > START_TIMEOUT_MS)
      throw new Error(`${name} did not start; the end of its log:\n${endOf(logFile)}`);
    await sleep(5);
  }
  return { name, url, pid: child.pid!, startedIn: performance.now() - begin, stop };
}

const endOf = (file: string) => readFileSync(file, "utf8").slice(-2000);

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

const answers = (url: string) =>
  fetch(url).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false,
  );
