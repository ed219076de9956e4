import { Redis } from "ioredis";
import { StartupError } from "../core/startup-error.ts";
import type { Log } from "./log.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * A connection to Redis that fails at once while Redis is away and comes back by itself.
 * @throws StartFailure Redis does not answer at the start
 */
export async function connectRedis(url: string, log: Log): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  let away = true;
  let reason = "no answer";
  redis.on("error", (error: Error) => {
    reason = error.message || reason;
    if (!away) log.error({ err: error }, "Redis is away");
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info("Redis is there");
    away = false;
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    const { hostname, port } = new URL(url);
    const message =
      (error as Error).message === "Connection is closed." ? reason : (error as Error).message;
    throw new StartupError(
      `Redis at ${hostname}:${port || 6379} (REDIS_URL) cannot be reached: ${message}.`,
    );
  }
}
