import { describe, expect, it } from "vitest";
import {
  aProduct,
  aPublishableKey,
  aSalesChannel,
  defaultSalesChannelId,
} from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import { countOwnStatements, readFromMemory, untilServing } from "./kept-answers.ts";

describe("answers from memory", () => {
  const lines: string[] = [];
  const shop = openShop({
    settings: {
      CATALOGUE_MEMORY: "200kb",
      STORE_CORS: "http://one.example,http://two.example,/^http:\\/\\/\\w+\\.shop\\.example$/",
      LOG_LEVEL: "info",
    },
    logTo: { write: (line) => void lines.push(line) },
  });

  it("let each listed origin read them, and no other", async () => {
    const allowedFor = async (origin: string) => {
      const { headers } = await shop.get("/store/regions", origin ? { origin } : {});
      return headers["access-control-allow-origin"];
    };
    await untilServing(shop);
    for (let times = 0; times < 3; times++) {
      for (const origin of ["http://one.example", "http://two.example", "http://a.shop.example"])
        expect(await allowedFor(origin)).toBe(origin);
      for (const other of ["", "http://evil.example", "http://one.example.evil.example", "null"])
        expect([other, await allowedFor(other)]).toEqual([other, undefined]);
    }
    const { headers } = await readFromMemory(shop, "/store/regions", {
      origin: "http://two.example",
    });
    expect(headers["access-control-allow-origin"]).toBe("http://two.example");
    expect(headers["access-control-allow-credentials"]).toBe("true");
    expect(headers["vary"]).toContain("Origin");
  });

  it("show a publishable key its own channels", async () => {
    const channel = (await aSalesChannel(shop.knex)).id;
    const hidden = await aProduct(shop.knex, { channels: [channel] });
    const shown = await aProduct(shop.knex);
    const keyOf = async (channels: string[]) => ({
      "x-publishable-api-key": (await aPublishableKey(shop.knex, { channels })).id,
    });
    const own = await keyOf([channel]);
    const usual = await keyOf([await defaultSalesChannelId(shop.knex)]);
    await untilServing(shop);
    const idsFor = async (headers: Readonly<Record<string, string>>) => {
      const { body } = await shop.get("/store/products?fields=id", headers);
      return body.products.map(({ id }: { id: string }) => id).toSorted();
    };
    for (let times = 0; times < 3; times++) {
      expect(await idsFor(own)).toEqual([hidden.id]);
      expect(await idsFor(usual)).toEqual([shown.id]);
      expect(await idsFor({})).toEqual([shown.id]);
      expect((await shop.get(`/store/products/${hidden.id}`, usual)).status).toBe(400);
      expect((await shop.get(`/store/products/${hidden.id}`, own)).status).toBe(200);
    }
  });

  it("are built once for all that wait", async () => {
    await aProduct(shop.knex);
    await untilServing(shop);
    const path = "/store/products?fields=title&limit=2";
    const alone = await countOwnStatements(() => shop.get(path));
    shop.memory.drop("any");
    const together = await countOwnStatements(() =>
      Promise.all(Array.from({ length: 40 }, () => shop.get(path))),
    );
    // The first build after a change also reads when price lists begin and end.
    expect(together.length).toBeLessThanOrEqual(alone.length + 1);
  });

  it("take no more memory than set, and stay right", async () => {
    for (let n = 0; n < 3; n++) await aProduct(shop.knex, { description: "x".repeat(1_000) });
    await untilServing(shop);
    const { body } = await shop.get("/store/products?limit=1&offset=0");
    let max = 0;
    for (let limit = 1; limit <= 100; limit++) {
      const answer = await shop.get(`/store/products?limit=${limit}`);
      expect(answer.body.products).toHaveLength(Math.min(limit, body.count));
      max = Math.max(max, shop.memory.bytes);
    }
    expect(max).toBeGreaterThan(100_000);
    expect(max).toBeLessThanOrEqual(200 * 1024);
    const first = await readFromMemory(shop, "/store/products?limit=1&offset=0");
    expect(first.body).toEqual(body);
  });

  it("leave out what is too large to be kept", async () => {
    await aProduct(shop.knex, { handle: "large", description: "x".repeat(60_000) });
    const path = "/store/products?handle=large";
    await untilServing(shop);
    for (let times = 0; times < 2; times++)
      expect((await shop.get(path)).body.products).toHaveLength(1);
    await expect(readFromMemory(shop, path)).rejects.toThrow("is not kept");
  });

  it("are logged as any request", async () => {
    await readFromMemory(shop, "/store/regions");
    const lineOf = async (id: string) => {
      await shop.get("/store/regions", { "x-request-id": id });
      await expect.poll(() => lines.some((line) => line.includes(`"${id}"`))).toBe(true);
      const entry = JSON.parse(lines.find((line) => line.includes(`"${id}"`)) ?? "");
      expect([typeof entry.time, typeof entry.ms]).toEqual(["number", "number"]);
      return { ...entry, time: 0, ms: 0, request: "" };
    };
    const { hits } = shop.memory.counts;
    const fromMemory = await lineOf("from-memory");
    expect(shop.memory.counts.hits).toBe(hits + 1);
    shop.memory.drop("any");
    expect(fromMemory).toEqual(await lineOf("from-express"));
    expect(fromMemory).toMatchObject({ route: "/store/regions", status: 200, method: "GET" });
  });

  it("have the request's id, or one of their own each", async () => {
    const idOf = async (headers = {}) =>
      (await readFromMemory(shop, "/store/regions", headers)).headers["x-request-id"];
    expect(await idOf({ "x-request-id": "mine" })).toBe("mine");
    const unsafe = await idOf({ "x-request-id": "a b" });
    expect(unsafe).toMatch(/^[\da-f-]{36}$/);
    expect(await idOf()).not.toBe(await idOf());
  });
});

describe("answers from memory beyond the limit of an address", () => {
  const shop = openShop({
    settings: {
      CATALOGUE_MEMORY: "1mb",
      RATE_LIMIT: "on",
      RATE_LIMIT_REQUESTS: "10",
      RATE_LIMIT_CATALOGUE: "30",
      RATE_LIMIT_TRUSTED: "203.0.113.7",
    },
  });

  it("are refused, counted apart from other requests, and not for a trusted address", async () => {
    await untilServing(shop);
    const from = (address: string) =>
      shop.get("/store/regions", { "x-forwarded-for": address }).then(({ status, headers }) => ({
        status,
        left: /remaining=(\d+)/.exec(headers["ratelimit"] ?? "")?.[1],
      }));
    const left: (string | undefined)[] = [];
    for (let times = 0; times < 30; times++) {
      const answer = await from("198.51.100.1");
      expect(answer.status).toBe(200);
      left.push(answer.left);
    }
    expect(left).toEqual(Array.from({ length: 30 }, (_, n) => String(29 - n)));
    expect(await from("198.51.100.1")).toEqual({ status: 429, left: "0" });
    expect(await from("198.51.100.1")).toEqual({ status: 429, left: "0" });
    expect((await from("198.51.100.2")).status).toBe(200);
    for (let times = 0; times < 40; times++)
      expect(await from("203.0.113.7")).toEqual({ status: 200, left: undefined });
  });
});
