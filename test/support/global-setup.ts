import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/database/embedded/embedded-postgres.ts";
import { migrateDatabase } from "../../src/database/migrate-database.ts";
import { connect, executeOnServer, urlOf } from "./database-server.ts";
import { findRedis } from "./redis-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A server on which the tests may create databases. */
    databaseServer: string;
    /** A migrated database to clone. */
    template: string;
    /** A Redis for this run; "" if there is none. */
    redisUrl: string;
  }
}

/**
 * Starts one PostgreSQL for the whole run (TEST_DATABASE_URL, else the embedded one) with a
 * migrated template, which each test file clones.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { server, stop } = await openServer();
  const template = `nettle_template_${randomBytes(6).toString("hex")}`;
  await executeOnServer(server, `create database ${template}`);
  const knex = connect(urlOf(server, template));
  await migrateDatabase(knex, { adopt: false, log: () => undefined });
  await knex.destroy();
  const redis = await findRedis();
  if (!redis && process.env["CI"])
    throw new Error("CI needs a Redis: set REDIS_URL or install redis-server");
  if (!redis)
    console.warn("Without a Redis, tests are skipped: set REDIS_URL or install redis-server.");
  project.provide("databaseServer", server);
  project.provide("template", template);
  project.provide("redisUrl", redis?.url ?? "");
  return async () => {
    await redis?.stop();
    await executeOnServer(server, `drop database ${template} with (force)`);
    await stop();
  };
}

/** Returns TEST_DATABASE_URL, or starts an embedded server for this run. */
export async function openServer(): Promise<{ server: string; stop: () => Promise<void> }> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given) return { server: given, stop: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), "nettle-tests-"));
  // PostgreSQL does not run as root: the user it runs as must get in.
  await chmod(folder, 0o755);
  const embedded = await startEmbeddedPostgres({ directory: join(folder, "postgres") });
  return {
    server: embedded.url,
    stop: async () => {
      await embedded.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
