import type { Redis } from "ioredis";
import { StartupError } from "../core/startup-error.ts";
import type { Log } from "./log.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connects to Redis. While Redis is unavailable, commands fail at once; the connection recovers by
 * itself.
 * @throws StartupError if Redis does not answer now, or refuses the user or the password
 */
export async function connectRedis(url: string, log: Log): Promise<Redis> {
  // Loaded only where there is a Redis: a shop without one starts faster and takes less memory.
  const { Redis: Client } = await import("ioredis");
  const redis: Redis = new Client(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  });
  let isAvailable = false;
  let reason = "no answer";
  redis.on("error", (error: Error) => {
    reason = error.message || reason;
    if (isAvailable) log.error({ event: "redis_unavailable", err: error }, "Redis is unavailable");
    isAvailable = false;
  });
  redis.on("ready", () => {
    if (!isAvailable) log.info({ event: "redis_available" }, "Redis is available");
    isAvailable = true;
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
      `Redis at ${hostname}:${port || 6379} (REDIS_URL) ${inWords(message.replace(/\.+$/, ""))}.`,
    );
  }
}

/** Returns what a refusal by Redis means, and what to do where that is known. */
function inWords(message: string): string {
  const form = "in REDIS_URL, as in redis://user:password@host:6379";
  if (message.startsWith("NOAUTH")) return `wants a password: give it ${form}`;
  if (message.startsWith("WRONGPASS"))
    return `does not know this user and password: give the right ones ${form}`;
  return `cannot be reached: ${message}`;
}
