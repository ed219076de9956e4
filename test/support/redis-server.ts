import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

/**
 * Returns a Redis for tests: at REDIS_URL, a local one, or one started from the installed
 * `redis-server`. Undefined if there is none.
 */
export async function findRedis(): Promise<{ url: string; stop: () => Promise<void> } | undefined> {
  for (const url of [process.env["REDIS_URL"], "redis://127.0.0.1:6379"]) {
    if (url && (await isReachable(url))) return { url, stop: async () => undefined };
  }
  return isRedisInstalled() ? startRedis() : undefined;
}

/** Starts a Redis without persistence, which wants a password if one is given. */
export async function startRedis(
  port?: number,
  password?: string,
): Promise<{ url: string; port: number; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "nettle-redis-"));
  const chosen = port ?? (await freePort());
  const child = spawn(
    "redis-server",
    [
      ...["--port", String(chosen), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
      ...(password ? ["--requirepass", password] : []),
    ],
    {
      stdio: "ignore",
    },
  );
  const ended = once(child, "exit");
  const url = `redis://${password ? `:${password}@` : ""}127.0.0.1:${chosen}`;
  for (let tries = 0; !(await isReachable(url)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error("redis-server does not start");
    await sleep(50);
  }
  return {
    url,
    port: chosen,
    stop: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isReachable(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 1000,
  });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === "PONG";
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

/** Checks whether `redis-server` is installed. */
export function isRedisInstalled(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Returns a free port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
