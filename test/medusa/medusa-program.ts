import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../support/redis-server.ts";
import { cliOf } from "./install-medusa.ts";

/** The user of Medusa's Admin API. */
export const admin = { email: "admin@example.com", password: "supersecret" };

/** The secrets with which both servers sign. */
export const secrets = { jwt: "jwt-secret", cookie: "cookie-secret" };

interface Options {
  /** The folder of the installed Medusa. */
  readonly home: string;
  readonly databaseUrl: string;
  /** Where it stores its sessions; "" for its memory. */
  readonly redisUrl: string;
}

/** A shop folder of an installed Medusa. */
export interface MedusaProgram {
  /**
   * Runs a command until it exits.
   * @throws Error it failed; the message has its output
   */
  run(...words: string[]): Promise<void>;
  /** Starts the server on a free port and waits until it answers. */
  start(): Promise<{ url: string; out: () => string }>;
  /** Stops the server and removes the folder. */
  remove(): Promise<void>;
}

/** Creates a shop folder: Medusa's configuration beside the installed packages. */
export function openMedusa({ home, databaseUrl, redisUrl }: Options): MedusaProgram {
  const folder = mkdtempSync(join(tmpdir(), "nettle-medusa-"));
  symlinkSync(join(home, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop" }));
  writeFileSync(
    join(folder, "medusa-config.js"),
    `module.exports = ${JSON.stringify(configuration(databaseUrl, redisUrl))};`,
  );
  const ends: (() => Promise<void>)[] = [];
  const launch = (words: string[]) => {
    const env = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      MEDUSA_DISABLE_TELEMETRY: "true",
    };
    const child = spawn(process.execPath, [cliOf(home), ...words], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part) => (text += String(part)));
    const ended = once(child, "close");
    ends.push(async () => {
      child.kill("SIGKILL");
      await ended;
    });
    return { child, ended, out: () => text };
  };
  return {
    run: async (...words) => {
      const { ended, out } = launch(words);
      const [code] = await ended;
      if (code !== 0) throw new Error(`medusa ${words[0]} failed:\n${out()}`);
    },
    start: async () => {
      const port = await freePort();
      const { child, out } = launch(["start", "--port", String(port)]);
      const url = `http://127.0.0.1:${port}`;
      for (let tries = 0; !(await isUp(url)); tries++) {
        if (child.exitCode !== null || tries > 1200)
          throw new Error(`Medusa did not start:\n${out()}`);
        await sleep(100);
      }
      return { url, out };
    },
    remove: async () => {
      for (const end of ends) await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const isUp = (url: string) =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

function configuration(databaseUrl: string, redisUrl: string) {
  return {
    projectConfig: {
      database_url: databaseUrl,
      database_type: "postgres",
      ...(redisUrl && { redis_url: redisUrl }),
      jwt_secret: secrets.jwt,
      cookie_secret: secrets.cookie,
      store_cors: "http://localhost:8000",
      admin_cors: "http://localhost:7000",
    },
    plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"],
    modules: {
      eventBus: { resolve: "@medusajs/event-bus-local" },
      cacheService: { resolve: "@medusajs/cache-inmemory" },
    },
    featureFlags: {
      sales_channels: true,
      publishable_api_keys: true,
      product_categories: true,
      tax_inclusive_pricing: true,
      order_editing: true,
    },
  };
}
