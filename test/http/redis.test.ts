import type { Redis } from "ioredis";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { StartupError } from "../../src/core/startup-error.ts";
import { createLog } from "../../src/runtime/log.ts";
import { connectRedis } from "../../src/runtime/redis.ts";
import { isRedisInstalled, startRedis } from "../support/redis-server.ts";
import { createEchoApp } from "./create-echo-app.ts";

const silent = createLog("silent");

describe("an unreachable Redis", () => {
  it("is reported at the start, without the password", async () => {
    const refused = connectRedis("redis://:hunter2@127.0.0.1:1", silent);
    await expect(refused).rejects.toThrow(StartupError);
    await expect(refused).rejects.toThrow(
      /^Redis at 127\.0\.0\.1:1 \(REDIS_URL\) cannot be reached: .*ECONNREFUSED/,
    );
    await expect(refused).rejects.not.toThrow(/hunter2/);
  });
});

describe.runIf(isRedisInstalled())("with Redis", () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis(server.url, silent);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const newApp = (settings: Record<string, string> = {}) => createEchoApp(settings, { redis }).app;
  const me = (app: ReturnType<typeof newApp>, cookie: string) =>
    request(app).get("/store/customers/me").set("cookie", cookie);

  async function loggedIn(app: ReturnType<typeof newApp>): Promise<string> {
    const answer = await request(app).post("/store/auth").send({ customer: "cus_ada" });
    return String(answer.headers["set-cookie"]).split(";")[0]!;
  }

  it("sessions are stored under Medusa's keys and valid in every process", async () => {
    const cookie = await loggedIn(newApp());
    const id = /s%3A([^.]+)\./.exec(cookie)![1]!;
    expect(JSON.parse((await redis.get(`sess:${id}`))!)).toMatchObject({ customer_id: "cus_ada" });
    expect(await redis.ttl(`sess:${id}`)).toBeGreaterThan(35_000);
    expect((await me(newApp(), cookie)).body).toEqual({ customer: "cus_ada" });
  });

  it("session keys have the prefix of REDIS_PREFIX", async () => {
    const cookie = await loggedIn(newApp({ REDIS_PREFIX: "shop:" }));
    const id = /s%3A([^.]+)\./.exec(cookie)![1]!;
    expect(await redis.exists(`shop:sess:${id}`, `sess:${id}`)).toBe(1);
    expect((await me(newApp(), cookie)).status).toBe(401);
  });

  it("a session of Medusa is valid", async () => {
    const cookie = await loggedIn(newApp());
    const id = /s%3A([^.]+)\./.exec(cookie)![1]!;
    const expires = new Date(Date.now() + 36_000_000).toISOString();
    const medusas = {
      cookie: { originalMaxAge: 36_000_000, expires, httpOnly: true, path: "/" },
      customer_id: "cus_ben",
    };
    await redis.set(`sess:${id}`, JSON.stringify(medusas), "EX", 36_000);
    expect((await me(newApp(), cookie)).body).toEqual({ customer: "cus_ben" });
  });

  it("rate limits are counted for all processes together", async () => {
    const settings = { RATE_LIMIT_CATALOGUE: "2", RATE_LIMIT_LOOPBACK: "on" };
    await redis.flushall();
    const statuses = [];
    for (let count = 0; count < 3; count++)
      statuses.push((await request(newApp(settings)).get("/store/things/a")).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it("the shop serves while Redis is away, and recovers", async () => {
    const app = newApp();
    const cookie = await loggedIn(app);
    await server.stop();
    await vi.waitFor(() => expect(redis.status).not.toBe("ready"));

    const started = newApp({ RATE_LIMIT_CATALOGUE: "1000", RATE_LIMIT_LOOPBACK: "on" });
    for (const one of [app, started]) {
      expect((await request(one).get("/store/things/a")).status).toBe(200);
      const refused = await me(one, cookie);
      expect([refused.status, refused.body.type]).toEqual([503, "unavailable"]);
      expect((await request(one).get("/ready")).body).toMatchObject({
        ready: false,
        redis: "down",
      });
    }

    server = await startRedis(server.port);
    await vi.waitFor(() => expect(redis.status).toBe("ready"), 10_000);
    expect((await me(app, await loggedIn(app))).body).toEqual({ customer: "cus_ada" });
    expect((await request(started).get("/store/things/a")).headers["ratelimit"]).toMatch(
      /remaining=99\d/,
    );
    expect((await request(started).get("/ready")).body).toMatchObject({ redis: "up" });
  });
});
