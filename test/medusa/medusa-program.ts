import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../support/redis-server.ts";
import { cliOf } from "./install-medusa.ts";
import { medusaConfig } from "./medusa-config.ts";

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
  /** Whether its feature flags are on; they are unless this is false. */
  readonly featureFlags?: boolean;
}

/** A server that answers. */
export interface RunningMedusa {
  readonly url: string;
  /** Returns its output so far. */
  out(): string;
  stop(): Promise<void>;
}

/** A shop folder of an installed Medusa. */
export interface MedusaProgram {
  /**
   * Runs a command until it exits.
   * @throws Error it failed; the message has its output
   */
  run(...words: string[]): Promise<void>;
  /** Starts the server on a free port and waits until it answers. */
  start(): Promise<RunningMedusa>;
  /** Returns the ids of the orders that the shop's own subscriber in it has heard of. */
  heardOrders(): string[];
  /** Stops the server and removes the folder. */
  remove(): Promise<void>;
}

/** Creates a shop folder: Medusa's configuration beside the installed packages. */
export function openMedusa({
  home,
  databaseUrl,
  redisUrl,
  featureFlags = true,
}: Options): MedusaProgram {
  const folder = mkdtempSync(join(tmpdir(), "nettle-medusa-"));
  symlinkSync(join(home, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "shop" }));
  writeFileSync(
    join(folder, "medusa-config.js"),
    medusaConfig({ databaseUrl, redisUrl, secrets, featureFlags }),
  );
  // The variable alone does not keep Medusa from sending what is in its outbox when it ends.
  mkdirSync(join(folder, "medusa"));
  const config = { telemetry: { enabled: false } };
  writeFileSync(join(folder, "medusa", "config.json"), JSON.stringify(config));
  const heard = join(folder, "heard.txt");
  mkdirSync(join(folder, "dist", "subscribers"), { recursive: true });
  writeFileSync(join(folder, "dist", "subscribers", "note-orders.js"), subscriberNoting(heard));
  mkdirSync(join(folder, "dist", "services"));
  writeFileSync(join(folder, "dist", "services", "files.js"), serviceOfFiles(folder));
  mkdirSync(join(folder, "dist", "api"));
  writeFileSync(join(folder, "dist", "api", "index.js"), ROUTES_OF_THE_SHOP);
  const ends: (() => Promise<void>)[] = [];
  const launch = (words: string[]) => {
    const env = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      MEDUSA_DISABLE_TELEMETRY: "true",
      XDG_CONFIG_HOME: folder,
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
    const stop = async () => {
      child.kill("SIGKILL");
      await ended;
    };
    ends.push(stop);
    return { child, ended, stop, out: () => text };
  };
  return {
    run: async (...words) => {
      const { ended, out } = launch(words);
      const [code] = await ended;
      if (code !== 0) throw new Error(`medusa ${words[0]} failed:\n${out()}`);
    },
    start: async () => {
      const port = await freePort();
      const { child, stop, out } = launch(["start", "--port", String(port)]);
      const url = `http://127.0.0.1:${port}`;
      for (let tries = 0; !(await isUp(url)); tries++) {
        if (child.exitCode !== null || tries > 1200)
          throw new Error(`Medusa did not start:\n${out()}`);
        await sleep(100);
      }
      return { url, out, stop };
    },
    heardOrders: () =>
      existsSync(heard) ? readFileSync(heard, "utf8").trim().split("\n").filter(Boolean) : [],
    remove: async () => {
      for (const end of ends) await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The source of a subscriber as a shop writes it for Medusa 1.20. */
const subscriberNoting = (file: string) => `
const { appendFileSync } = require("node:fs");
exports.default = class NoteOrders {
  constructor({ eventBusService }) {
    const note = async ({ id }) => appendFileSync(${JSON.stringify(file)}, id + "\\n");
    eventBusService.subscribe("order.placed", note);
  }
};
`;

/** The source of a service that keeps files in a folder, as a shop writes it for Medusa 1.20. */
const serviceOfFiles = (folder: string) => `
const { createReadStream, createWriteStream, mkdirSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { once } = require("node:events");
const { PassThrough } = require("node:stream");
const { AbstractFileService } = require("@medusajs/medusa");
const folder = join(${JSON.stringify(folder)}, "files");
exports.default = class Files extends AbstractFileService {
  async getUploadStreamDescriptor({ name, ext }) {
    mkdirSync(folder, { recursive: true });
    const fileKey = join(folder, name.replace(/\\W/g, "-") + "." + ext);
    const writeStream = new PassThrough();
    const file = writeStream.pipe(createWriteStream(fileKey));
    return { writeStream, promise: once(file, "close"), fileKey, url: fileKey };
  }
  async getDownloadStream({ fileKey }) { return createReadStream(fileKey); }
  async delete({ fileKey, file_key = fileKey }) { rmSync(file_key, { force: true }); }
};
`;

/** Routes of its own, as a shop writes them for Medusa 1.20. */
const ROUTES_OF_THE_SHOP = `
const { Router } = require("express");
const { requireCustomerAuthentication } = require("@medusajs/medusa");
exports.default = () => {
  const router = Router();
  router.get("/store/brands", (req, res) => res.json({ brands: ["Nettle"], ip: req.ip }));
  router.get("/store/brands/mine", requireCustomerAuthentication(), (req, res) =>
    res.json({ customer_id: req.user.customer_id }));
  router.post("/brands/picture", async (req, res) => {
    let bytes = 0;
    for await (const part of req) bytes += part.length;
    res.json({ bytes });
  });
  return router;
};
`;

const isUp = (url: string) =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
