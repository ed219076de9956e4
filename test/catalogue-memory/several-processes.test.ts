import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type ServerProcess } from "../start/build-program.ts";
import { aProduct } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { readMetrics } from "./memory-metrics.ts";

const program = buildProgram();
let database: TestDatabase;
const servers: ServerProcess[] = [];

beforeAll(async () => {
  database = await openDatabase();
  for (let n = 0; n < 3; n++)
    servers.push(
      await program.serve({
        DATABASE_URL: database.url,
        JWT_SECRET: "jwt-secret-of-the-tests",
        COOKIE_SECRET: "cookie-secret-of-the-tests",
        METRICS_PORT: "0",
        RATE_LIMIT: "off",
        NETTLE_ADOPT: "on",
        // The last one has no memory.
        ...(n === 2 ? { CATALOGUE_MEMORY: "0" } : {}),
      }),
    );
}, 120_000);
afterAll(async () => {
  program.remove();
  await database.drop();
});

const bodyOf = async (server: ServerProcess, path: string) =>
  (await fetch(server.url + path)).text();
const hitsOf = async (server: ServerProcess) =>
  (await readMetrics(server)).get("catalogue_memory_hits_total") ?? 0;
/** Reads until an answer comes from memory. */
const keep = async (server: ServerProcess, path: string) => {
  await expect
    .poll(
      async () => {
        const before = await hitsOf(server);
        await bodyOf(server, path);
        return (await hitsOf(server)) - before;
      },
      { timeout: 10_000 },
    )
    .toBe(1);
};

describe("several processes", () => {
  it("each have a memory, and each see what any client of the database changes", async () => {
    const [one, other, without] = servers as [ServerProcess, ServerProcess, ServerProcess];
    const { id } = await aProduct(database.knex, { title: "Before" });
    const path = `/store/products/${id}`;
    for (let n = 0; n < 5; n++) {
      await keep(one, path);
      await keep(other, "/store/products?limit=1");
      await database
        .knex("product")
        .where({ id })
        .update({ title: `After ${n}` });
      await aProduct(database.knex);
      for (const each of [path, "/store/products?limit=1"]) {
        const truth = await bodyOf(without, each);
        for (const server of [one, other])
          await expect
            .poll(() => bodyOf(server, each), { timeout: 5_000, interval: 5 })
            .toBe(truth);
      }
    }
  });

  it("measure what they answer from memory, and none without one", async () => {
    const [one, , without] = servers as [ServerProcess, ServerProcess, ServerProcess];
    const request =
      'http_request_duration_seconds_count{method="GET",route="/store/regions",status="200"}';
    const measured = async () => (await readMetrics(one)).get(request) ?? 0;
    await keep(one, "/store/regions");
    const [requests, hits] = [await measured(), await hitsOf(one)];
    for (let n = 0; n < 10; n++) await bodyOf(one, "/store/regions");
    await expect.poll(measured).toBe(requests + 10);
    expect(await hitsOf(one)).toBe(hits + 10);
    const metrics = await readMetrics(one);
    expect(metrics.get("catalogue_memory_bytes")).toBeGreaterThan(0);
    expect(metrics.get("catalogue_memory_misses_total")).toBeGreaterThan(0);
    expect(metrics.get("catalogue_memory_drops_total")).toBeGreaterThan(0);
    expect((await readMetrics(without)).get("catalogue_memory_bytes")).toBeUndefined();
  });
});
