import type { RequestHandler } from "express";
import type { Redis } from "ioredis";
import type { Knex } from "knex";

/** The process is alive: `OK`, as Medusa says it. */
export const health: RequestHandler = (_req, res) => {
  res.send("OK");
};

/** Long enough for a busy database, short enough for a load balancer. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * Whether this process can serve shoppers: `{ database, redis }`, each `up`, `down` or (Redis
 * alone) `unused`; 503 while one is down.
 */
export function readiness(knex: Knex, redis: Redis | undefined): RequestHandler {
  return async (_req, res) => {
    const [database, redisState] = await Promise.all([
      stateOf(knex.raw("select 1").timeout(CHECK_TIMEOUT_MS)),
      redis ? stateOf(redis.ping()) : "unused",
    ]);
    const ready = database === "up" && redisState !== "down";
    res
      .status(ready ? 200 : 503)
      .set("Cache-Control", "no-store")
      .json({ ready, database, redis: redisState });
  };
}

async function stateOf(answer: PromiseLike<unknown>): Promise<"up" | "down"> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<"down">((resolve) => {
    timer = setTimeout(() => resolve("down"), CHECK_TIMEOUT_MS);
  });
  const answered = Promise.resolve(answer).then(
    () => "up" as const,
    () => "down" as const,
  );
  const state = await Promise.race([answered, tooLate]);
  clearTimeout(timer);
  return state;
}
