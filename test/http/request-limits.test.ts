import { Agent, request } from "node:http";
import { beforeAll, describe, expect, it } from "vitest";
import { untilServing } from "../catalogue-memory/kept-answers.ts";
import { aProduct, aShopSetup } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

const tooMany = { type: "too_many_requests", message: "Too many requests. Try again later." };
const from = (address: string) => ({ "x-forwarded-for": address });

interface Line {
  readonly event: string;
  readonly request?: string;
  readonly address?: string;
  readonly setting?: string;
  readonly route?: string;
  readonly path?: string;
  readonly status?: number;
  readonly msg: string;
}

function loggedLines() {
  const lines: Line[] = [];
  const write = (text: string) => {
    for (const line of text.trimEnd().split("\n")) lines.push(JSON.parse(line) as Line);
  };
  return { lines, write, limited: () => lines.filter(({ event }) => event === "rate_limited") };
}

/** Reads paths in turn, some at once, and returns how often each status was the answer. */
async function readAll(url: string, paths: readonly string[], times: number) {
  const agent = new Agent({ keepAlive: true });
  const statuses = new Map<number, number>();
  const read = (path: string) =>
    new Promise<void>((done, failed) => {
      request(url + path, { agent }, (answer) => {
        const status = answer.statusCode ?? 0;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        answer.resume().once("end", done).once("error", failed);
      })
        .once("error", failed)
        .end();
    });
  let next = 0;
  const reader = async () => {
    while (next < times) await read(paths[next++ % paths.length]!);
  };
  await Promise.all(Array.from({ length: 16 }, reader));
  agent.destroy();
  return Object.fromEntries(statuses);
}

describe("a storefront's server on this machine, with default limits", () => {
  const log = loggedLines();
  const shop = openShop({
    settings: { CATALOGUE_MEMORY: "4mb", RATE_LIMIT: "on", LOG_LEVEL: "warn" },
    logTo: log,
  });
  let product: string;
  beforeAll(async () => {
    await aShopSetup(shop.knex);
    product = (await aProduct(shop.knex)).id;
  });

  it("reads the catalogue 4,000 times as fast as it can", async () => {
    const paths = ["/store/regions", `/store/products/${product}`, "/store/collections"];
    await untilServing(shop);
    expect(await readAll(shop.url, paths, 4_000)).toEqual({ 200: 4_000 });
    expect(log.limited()).toEqual([]);
  });
});

describe("requests from one address", () => {
  const log = loggedLines();
  const shop = openShop({
    settings: {
      CATALOGUE_MEMORY: "4mb",
      RATE_LIMIT: "on",
      RATE_LIMIT_REQUESTS: "3",
      RATE_LIMIT_CATALOGUE: "5",
      RATE_LIMIT_ATTEMPTS: "2",
      LOG_LEVEL: "info",
    },
    logTo: log,
  });
  let cart: string;
  beforeAll(async () => {
    await aShopSetup(shop.knex);
    cart = (await shop.post("/store/carts", {})).body.cart.id;
  });
  /** Without a memory, through Express. */
  const readUncached = async (address: string) =>
    (await fetch(`${shop.uncachedUrl}/store/regions`, { headers: from(address) })).status;
  const readCart = (address: string) => shop.get(`/store/carts/${cart}`, from(address));
  const readRegions = (address: string) => shop.get("/store/regions", from(address));
  const limitedAt = (address: string) => log.limited().filter((line) => line.address === address);

  it("are refused beyond the limit, and named in the log once with the setting", async () => {
    for (let times = 0; times < 3; times++) expect((await readCart("192.0.2.10")).status).toBe(200);
    for (let times = 0; times < 4; times++)
      expect(await readCart("192.0.2.10")).toBeRefused(429, tooMany);
    expect((await readCart("192.0.2.11")).status).toBe(200);
    const [line, ...others] = limitedAt("192.0.2.10");
    expect(others).toEqual([]);
    expect(line).toMatchObject({ setting: "RATE_LIMIT_REQUESTS", limit: 3 });
    expect(line?.msg).toMatch(
      /^192\.0\.2\.10 is refused .*3 requests a minute.*RATE_LIMIT_TRUSTED/,
    );
  });

  it("have a limit of their own for reads of the catalogue", async () => {
    for (let times = 0; times < 5; times++)
      expect((await readRegions("192.0.2.20")).status).toBe(200);
    for (let times = 0; times < 4; times++)
      expect(await readRegions("192.0.2.20")).toBeRefused(429, tooMany);
    expect((await readCart("192.0.2.20")).status).toBe(200);
    const uncached: number[] = [];
    for (let times = 0; times < 6; times++) uncached.push(await readUncached("192.0.2.20"));
    expect(uncached).toEqual([200, 200, 200, 200, 200, 429]);
    expect(limitedAt("192.0.2.20").slice(0, 1)).toMatchObject([
      { setting: "RATE_LIMIT_CATALOGUE", limit: 5 },
    ]);
  });

  it("are logged with address and route where they are refused", async () => {
    for (let times = 0; times < 4; times++) await readCart("192.0.2.30");
    await expect
      .poll(
        () => log.lines.filter(({ status, address }) => status === 429 && address === "192.0.2.30"),
        {
          timeout: 20_000,
        },
      )
      .toMatchObject([{ event: "request", route: "/store/carts/:id" }]);
  });

  it("are not counted from this machine, unless a proxy here names its visitor", async () => {
    for (let times = 0; times < 10; times++) {
      expect((await shop.get(`/store/carts/${cart}`)).status).toBe(200);
      expect((await shop.get("/store/regions")).status).toBe(200);
      expect((await shop.post(`/store/carts/${cart}`, { context: {} })).status).toBe(200);
      expect((await fetch(`${shop.uncachedUrl}/store/regions`)).status).toBe(200);
    }
    expect(limitedAt("127.0.0.1").concat(limitedAt("::ffff:127.0.0.1"))).toEqual([]);
  });

  it.each([
    ["logins", "/store/auth", { email: "ada@example.com", password: "wrong" }],
    ["password tokens", "/store/customers/password-token", { email: "ada@example.com" }],
    ["discount codes", "", { discounts: [{ code: "GUESS" }] }],
    ["gift card codes", "", { gift_cards: [{ code: "GUESS" }] }],
  ])("are limited at attempts from this machine, too: %s", async (_, path, body) => {
    const own = (await shop.post("/store/carts", {})).body.cart.id as string;
    const attempt = () => shop.post(path || `/store/carts/${own}`, body);
    for (let times = 0; times < 2; times++) expect((await attempt()).status).not.toBe(429);
    expect(await attempt()).toBeRefused(429, tooMany);
    const attempts = log.limited().filter(({ setting }) => setting === "RATE_LIMIT_ATTEMPTS");
    expect(attempts.at(-1)?.msg).toMatch(/more than 2 attempts .* by RATE_LIMIT_ATTEMPTS\.$/);
  });
});
