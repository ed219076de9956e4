import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import supertest from "supertest";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { clientAt, createApiClient } from "../support/api-client.ts";
import { fillCart } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { freePort } from "../support/redis-server.ts";
import { completeCart } from "./complete-cart.ts";
import { createShopSetup } from "./create-in-admin.ts";
import { admin, secrets } from "./medusa-program.ts";

/** An empty database built by Nettle, and the documented Medusa beside it for the admin. */
const folder = mkdtempSync(join(tmpdir(), "nettle-shop-admin-"));
let program: NettleProgram;
let database: TestDatabase;
let stopMedusa = async () => {};
let shopUrl: string;

/** Starts the documented script, with Medusa's packages in place, and returns its address. */
async function startScript(settings: Readonly<Record<string, string>>): Promise<string> {
  cpSync(join(projectRoot(), "docs/examples/medusa-admin"), folder, { recursive: true });
  symlinkSync(join(inject("medusaHome"), "node_modules"), join(folder, "node_modules"));
  const port = await freePort();
  const child = spawn("bash", ["start.sh"], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      ADMIN_PORT: String(port),
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      ...settings,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part) => (output += String(part)));
  const ended = once(child, "close");
  stopMedusa = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/health`).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`The script ended:\n${output}`);
    await sleep(100);
  }
  return url;
}

beforeAll(async () => {
  program = buildProgram();
  database = await openDatabase("empty");
  const settings = {
    DATABASE_URL: database.url,
    REDIS_URL: inject("redisUrl"),
    JWT_SECRET: secrets.jwt,
    COOKIE_SECRET: secrets.cookie,
  };
  const { code, error } = await program.run("migrate", settings);
  expect(code, error).toBe(0);
  const medusaUrl = await startScript(settings);
  const nettle = { ...settings, FALLBACK_URL: medusaUrl, RATE_LIMIT: "off" };
  shopUrl = (await program.serve(nettle)).url;
});
afterAll(async () => {
  program.remove();
  await stopMedusa();
  await database.drop();
  rmSync(folder, { recursive: true });
});

it("what is added in Medusa's admin is sold, and what is sold is in the admin", async () => {
  const { body } = await clientAt(shopUrl).post("/admin/auth/token", admin);
  const authorization = `Bearer ${body.access_token}`;
  const client = createApiClient(
    () => supertest.agent(shopUrl).set("authorization", authorization) as never,
  );
  await client.post("/admin/store", { currencies: ["usd", "eur"] });
  const setup = await createShopSetup(client);
  const store = clientAt(shopUrl);
  const { id } = await fillCart(store, setup, { quantity: 2 });
  const order = await completeCart(store, id);
  expect(order.total).toBe(2975);
  const seen = await client.get(`/admin/orders/${order.id}`);
  expect(seen.body.order).toMatchObject({ display_id: order.display_id, total: 2975 });
});

it("the script says which setting is missing", async () => {
  const child = spawn("bash", ["docs/examples/medusa-admin/start.sh"], {
    cwd: projectRoot(),
    env: { PATH: process.env["PATH"], DATABASE_URL: "postgres://x/y" },
  });
  const [output] = await once(child.stderr, "data");
  const [code] = await once(child, "close");
  expect([code, String(output)]).toEqual([
    1,
    "REDIS_URL is missing: give it the value that Nettle has\n",
  ]);
});
