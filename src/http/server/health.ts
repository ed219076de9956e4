import { setTimeout as sleep } from "node:timers/promises";
import type { RequestHandler } from "express";
import type { Redis } from "ioredis";
import type { Knex } from "knex";

/** Answers `OK`, as Medusa does: the process is alive. */
export const health: RequestHandler = (_req, res) => {
  res.send("OK");
};

/** Long enough for a busy database, short enough for a load balancer. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * Returns the handler that answers whether this process can serve requests: `{ ready, database,
 * redis }` with the states `up`, `down` or (Redis only) `unused`. The status is 503 while a service
 * is down. While the database is up, `details` of the shop are answered, too; they do not count.
 */
export function readiness(
  knex: Knex,
  redis: Redis | undefined,
  details: () => Promise<object> = async () => ({}),
): RequestHandler {
  return async (_req, res) => {
    const [database, redisState] = await Promise.all([
      stateOf(knex.raw("select 1").timeout(CHECK_TIMEOUT_MS)),
      redis ? stateOf(redis.ping()) : "unused",
    ]);
    const more = database === "up" ? await details().catch(() => ({})) : {};
    const ready = database === "up" && redisState !== "down";
    res
      .status(ready ? 200 : 503)
      .set("Cache-Control", "no-store")
      .json({ ready, database, redis: redisState, ...more });
  };
}

/** Returns whether a service answers; one that takes longer than two seconds is down. */
export function stateOf(answer: PromiseLike<unknown>): Promise<"up" | "down"> {
  const state = Promise.resolve(answer).then(
    () => "up" as const,
    () => "down" as const,
  );
  return Promise.race([state, sleep(CHECK_TIMEOUT_MS, "down" as const, { ref: false })]);
}
