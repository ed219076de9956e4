import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { executeOnServer, urlOf } from "../support/database-server.ts";

import { findRedis } from "../support/redis-server.ts";
import { exposeOverTcp } from "./expose-over-tcp.ts";
import { installMedusa } from "./install-medusa.ts";
import { admin, openMedusa } from "./medusa-program.ts";
import { openServerForDumps } from "./open-server-for-dumps.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the installed Medusa. */
    medusaHome: string;
  }
}

/** Installs Medusa and lets it build the database that each test file clones. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = installMedusa();
  const redis = await findRedis();
  if (!redis)
    throw new Error(
      "Both servers store their sessions in Redis: set REDIS_URL or install redis-server",
    );
  const { server, stop } = await openServerForDumps();
  const proxy = await exposeOverTcp(server);
  const template = `nettle_medusa_${randomBytes(6).toString("hex")}`;
  const close = async () => {
    await executeOnServer(proxy.url, `drop database if exists ${template} with (force)`);
    proxy.close();
    await stop();
    await redis.stop();
  };
  try {
    await executeOnServer(proxy.url, `create database ${template}`);
    await buildByMedusa(home, urlOf(proxy.url, template), redis.url);
  } catch (error) {
    await close();
    throw error;
  }
  project.provide("medusaHome", home);
  project.provide("databaseServer", proxy.url);
  project.provide("template", template);
  project.provide("redisUrl", redis.url);
  return close;
}

async function buildByMedusa(home: string, databaseUrl: string, redisUrl: string): Promise<void> {
  const medusa = openMedusa({ home, databaseUrl, redisUrl });
  try {
    await medusa.run("migrations", "run");
    await medusa.run("user", "-e", admin.email, "-p", admin.password);
  } finally {
    await medusa.remove();
  }
}
