import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { type ApiClient, clientAt } from "../support/api-client.ts";
import { aCustomer, aFilledCart, aShopSetup, type ShopSetup } from "../support/builders.ts";
import { connect } from "../support/database-server.ts";
import {
  findPostgresPrograms,
  type StreamingPair,
  startStreamingPair,
} from "../support/streaming-replica.ts";

const programs = await findPostgresPrograms();
const WAIT = { timeout: 20_000, interval: 100 };
/** A lag that no test reaches, and one that is soon reached. */
const [NEVER, SOON] = ["3600", "3"];

describe.runIf(programs)("with a streaming replica", () => {
  let pair: StreamingPair;
  let nettle: NettleProgram;
  let primary: Knex;
  let replica: Knex;
  let setup: ShopSetup;
  beforeAll(async () => {
    nettle = buildProgram();
    pair = await startStreamingPair(programs!);
    primary = connect(pair.primary.url, 2);
    replica = connect(pair.replica.url, 2);
    const { code, error } = await nettle.run("migrate", { DATABASE_URL: pair.primary.url });
    expect([code, error]).toEqual([0, ""]);
    setup = await aShopSetup(primary);
  });
  afterAll(async () => {
    await Promise.all([primary?.destroy(), replica?.destroy()]);
    nettle?.remove();
    await pair?.remove();
  });

  const serve = async (lag: string) => {
    const server = await nettle.serve({
      DATABASE_URL: pair.primary.url,
      DATABASE_READ_URL: pair.replica.url,
      CATALOGUE_MEMORY: "0",
      DATABASE_READ_LAG_SECONDS: lag,
      JWT_SECRET: "jwt-secret",
      COOKIE_SECRET: "cookie-secret",
    });
    return { server, client: clientAt(server.url) };
  };
  const stop = async (server: ServerProcess) => {
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
  };
  const holdReplay = () => replica.raw("select pg_wal_replay_pause()");
  const resumeReplay = () => replica.raw("select pg_wal_replay_resume()");
  const rename = (title: string) =>
    primary("product").where({ id: setup.productId }).update({ title });
  const titleSeen = async (client: ApiClient, query = "", headers = {}): Promise<string> => {
    const answer = await client.get(`/store/products/${setup.productId}${query}`, headers);
    expect(answer.status).toBe(200);
    return answer.body.product.title;
  };
  const untilReplica = async (client: ApiClient, state: "used" | "unusable") =>
    vi.waitFor(async () => {
      const { body } = await client.get("/ready");
      expect(body.replica).toBe(state);
    }, WAIT);
  const untilApplied = async (title: string) =>
    vi.waitFor(async () => {
      expect(await replica("product").where({ id: setup.productId }).pluck("title")).toEqual([
        title,
      ]);
    }, WAIT);

  it("what depends on a cart, a customer or money is read from the primary", async () => {
    const { server, client } = await serve(NEVER);
    await untilReplica(client, "used");
    const { email } = await aCustomer(primary);
    await rename("Before");
    await untilApplied("Before");
    await holdReplay();
    await rename("After");
    const cart = await aFilledCart(client, setup);
    expect(await titleSeen(client, `?cart_id=${cart}`)).toBe("After");
    const login = { email, password: "correct-horse" };
    const { body } = await client.post("/store/auth/token", login);
    const authorization = `Bearer ${body.access_token}`;
    expect(await titleSeen(client, "", { authorization })).toBe("After");
    expect((await client.post(`/store/carts/${cart}/complete`)).body.type).toBe("order");
    // Who is nobody in particular sees the replica's.
    expect(await titleSeen(client)).toBe("Before");
    const { products } = (await client.get("/store/products")).body;
    expect(products[0].title).toBe("Before");
    await resumeReplay();
    await vi.waitFor(async () => expect(await titleSeen(client)).toBe("After"), WAIT);
    await stop(server);
  });

  it("the primary answers while the replica lags too much", async () => {
    const { server, client } = await serve(SOON);
    await untilReplica(client, "used");
    await holdReplay();
    await rename("Later");
    await untilReplica(client, "unusable");
    expect(await titleSeen(client)).toBe("Later");
    await resumeReplay();
    await untilReplica(client, "used");
    expect(await titleSeen(client)).toBe("Later");
    await stop(server);
  });

  it("a quiet shop is no lag", async () => {
    const { server, client } = await serve(SOON);
    await untilReplica(client, "used");
    for (let checks = 0; checks < 50; checks++) {
      await sleep(100);
      expect((await client.get("/ready")).body.replica).toBe("used");
    }
    await stop(server);
  });

  it("the primary answers while the replica is down, and no request fails meanwhile", async () => {
    const { server, client } = await serve(NEVER);
    await untilReplica(client, "used");
    const asking = Array.from({ length: 400 }, () => client.get("/store/products?limit=1"));
    await pair.replica.kill();
    const statuses = (await Promise.all(asking)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await untilReplica(client, "unusable");
    await rename("Alone");
    expect(await titleSeen(client)).toBe("Alone");
    await stop(server);
  });

  it("a shop starts without its replica, and uses it once that is up", async () => {
    const { server, client } = await serve(NEVER);
    expect((await client.get("/store/products")).status).toBe(200);
    await untilReplica(client, "unusable");
    await pair.replica.start();
    await untilReplica(client, "used");
    await untilApplied("Alone");
    await holdReplay();
    await rename("Back");
    expect(await titleSeen(client)).toBe("Alone");
    await resumeReplay();
    await stop(server);
  });

  it("another server that is no replica is not used", async () => {
    const server = await nettle.serve({
      DATABASE_URL: pair.primary.url,
      DATABASE_READ_URL: pair.primary.url,
      JWT_SECRET: "jwt-secret",
      COOKIE_SECRET: "cookie-secret",
    });
    const client = clientAt(server.url);
    await untilReplica(client, "unusable");
    expect((await client.get("/store/products")).status).toBe(200);
    await vi.waitFor(() => expect(server.out()).toContain("it is no streaming replica"), WAIT);
    await stop(server);
  });
});
