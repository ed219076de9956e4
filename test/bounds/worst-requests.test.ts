import { existsSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { beforeAll, describe, expect, it } from "vitest";
import { product } from "../../src/graph/entities/catalogue-entities.ts";
import { aPaymentCollection } from "../payment-collections/a-payment-collection.ts";
import { aProduct, aRegion, aShippingOption, setPaymentProviders } from "../support/builders.ts";
import { type Answer, openShop } from "../support/open-shop.ts";
import { backendMemory } from "./backend-memory.ts";
import { cartPaths, someOf } from "./random-paths.ts";

const MB = 1024 * 1024;
const LINES = 250;
const PRODUCTS = 50;
const VARIANTS = 20;

/** What one request costs: how long it takes, and how long the event loop stands still. */
interface Cost {
  readonly ms: number;
  readonly blockedMs: number;
  readonly answer: Answer;
}

/**
 * The worst that the API document allows is answered in words, and costs no more than a known
 * multiple of an ordinary request. The multiples have wide margins: they are exceeded by a change
 * of kind, not by a slow machine.
 */
describe.runIf(existsSync("/proc/self/status"))("the worst requests", () => {
  const shop = openShop();
  let ordinary: Cost;
  let small: string;
  let full: string;
  let order: string;
  let collection: string;
  let regionId: string;
  const variants: string[] = [];

  async function costOf(send: () => Promise<Answer>): Promise<Cost> {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const start = performance.now();
    const answer = await send();
    const ms = performance.now() - start;
    delay.disable();
    return { ms, blockedMs: delay.max / 1e6, answer };
  }
  /** The least cost of a few tries: what other programs of the machine take does not count. */
  async function leastCost(send: () => Promise<Answer>): Promise<Cost> {
    const costs = [await costOf(send), await costOf(send), await costOf(send)];
    const [answer] = costs.map((cost) => cost.answer);
    const least = (pick: (cost: Cost) => number) => Math.min(...costs.map(pick));
    return {
      ms: least((cost) => cost.ms),
      blockedMs: least((cost) => cost.blockedMs),
      answer: answer!,
    };
  }

  beforeAll(async () => {
    regionId = (await aRegion(shop.knex, { tax_rate: 19 })).id;
    await setPaymentProviders(shop.knex, regionId, ["manual"]);
    await aShippingOption(shop.knex, { region_id: regionId });
    const variant = {
      manage_inventory: false,
      prices: [{ amount: 1000 }, { amount: 900, min_quantity: 5 }],
    };
    for (let number = 0; number < PRODUCTS; number++) {
      const built = await aProduct(shop.knex, {
        description: "A long description. ".repeat(100),
        variants: Array.from({ length: VARIANTS }, () => variant),
      });
      variants.push(...built.variants.map(({ id }) => id));
    }
    const items = (count: number) =>
      variants.slice(0, count).map((variant_id) => ({ variant_id, quantity: 1 }));
    const cart = async (count: number) =>
      (await shop.post("/store/carts", { region_id: regionId, items: items(count) })).body.cart.id;
    small = `/store/carts/${await cart(1)}`;
    full = `/store/carts/${await cart(LINES)}`;
    const bought = `/store/carts/${await cart(LINES)}`;
    await shop.post(bought, { email: "gro@example.com" });
    await shop.post(`${bought}/payment-sessions`);
    order = `/store/orders/${(await shop.post(`${bought}/complete`)).body.data.id}`;
    collection = (await aPaymentCollection(shop.knex, "manual")).path;
    for (let warm = 0; warm < 5; warm++) await shop.get(small);
    ordinary = await leastCost(() => shop.get(small));
  }, 120_000);

  const paths = cartPaths();
  const deepest = paths.filter((path) => path.startsWith("items.")).slice(0, 30);
  const allProductFields = Object.keys(product.columns).join(",");
  const metadata = (bytes: number) => ({ text: "x".repeat(bytes - 11) });
  const codes = (count: number) => Array.from({ length: count }, (_, n) => ({ code: `NO${n}` }));
  const requests: readonly (readonly [string, () => Promise<Answer>])[] = [
    ["a full cart", () => shop.get(full)],
    ["a full cart with the deepest relations", () => shop.get(`${full}?expand=${deepest}`)],
    ["a full cart with random relations", () => shop.get(`${full}?expand=${someOf(paths, 15, 7)}`)],
    ["a full cart with all relations", () => shop.get(`${full}?expand=${paths}`)],
    ["the taxes of a full cart", () => shop.post(`${full}/taxes`)],
    [
      "a new full cart",
      () =>
        shop.post("/store/carts", {
          region_id: regionId,
          items: variants.slice(0, LINES).map((variant_id) => ({ variant_id, quantity: 10_000 })),
          context: metadata(16_000),
        }),
    ],
    [
      "the metadata of a line",
      () =>
        shop.post(`${small}/line-items`, {
          variant_id: variants[0],
          quantity: 10_000,
          metadata: metadata(16_000),
        }),
    ],
    ["wrong discounts", () => shop.post(full, { discounts: codes(20) })],
    ["wrong gift cards", () => shop.post(full, { gift_cards: codes(20) })],
    ["too many codes", () => shop.post(full, { discounts: codes(2000) })],
    ["the sessions of a full cart", () => shop.post(`${full}/payment-sessions`)],
    ["an order of a full cart", () => shop.get(order)],
    ["every product", () => shop.get("/store/products?limit=1000")],
    [
      "every product with prices",
      () => shop.get(`/store/products?limit=1000&region_id=${regionId}&fields=${allProductFields}`),
    ],
    ["every variant", () => shop.get(`/store/variants?limit=1000&region_id=${regionId}`)],
    [
      "a thousand ids",
      () => shop.get(`/store/variants?ids=${variants.slice(0, 300).join(",")}&limit=1000`),
    ],
    [
      "a long search",
      () => shop.post("/store/products/search", { q: "product long description ".repeat(60) }),
    ],
    [
      "a batch of sessions",
      () =>
        shop.post(`${collection}/sessions/batch`, {
          sessions: Array.from({ length: 10 }, () => ({ provider_id: "manual", amount: 119 })),
        }),
    ],
    [
      "a batch of a thousand sessions",
      () =>
        shop.post(`${collection}/sessions/batch`, {
          sessions: Array.from({ length: 1000 }, () => ({ provider_id: "manual", amount: 1 })),
        }),
    ],
  ];

  it.each(requests)("are answered in words and at a bounded cost: %s", async (_, send) => {
    const { ms, blockedMs, answer } = await leastCost(send);
    expect(answer.status, answer.text.slice(0, 300)).toBeLessThan(500);
    expect(answer.text.length).toBeLessThan(16 * MB);
    // An ordinary cart has one line, a full one 250.
    expect(ms / ordinary.ms).toBeLessThan(4 * LINES);
    expect(blockedMs / ordinary.ms).toBeLessThan(2 * LINES);
  });

  it("leave memory as it was, in this process and in the database", async () => {
    const all = async () => {
      for (const [, send] of requests) await send();
    };
    await all();
    globalThis.gc?.();
    const before = { own: process.memoryUsage().rss, database: await backendMemory(shop.knex) };
    for (let round = 0; round < 5; round++) await all();
    globalThis.gc?.();
    expect(process.memoryUsage().rss - before.own).toBeLessThan(300 * MB);
    expect((await backendMemory(shop.knex)) - before.database).toBeLessThan(96 * MB);
  });
});

/** What would be larger is refused before it is built. */
describe.each([
  ["of many rows", { ANSWER_ROWS: "100" }, /more than 100 rows: expand fewer relations/],
  ["of many bytes", { ANSWER_LIMIT: "40kb" }, /larger than 40960 bytes: expand fewer relations/],
])("an answer %s", (_, settings, message) => {
  const shop = openShop({ settings });
  let at: string;
  let small: string;
  beforeAll(async () => {
    const { id: region_id } = await aRegion(shop.knex);
    const built = await aProduct(shop.knex, {
      description: "x".repeat(3000),
      variants: Array.from({ length: 30 }, () => ({ manage_inventory: false })),
    });
    const items = built.variants.map(({ id }) => ({ variant_id: id, quantity: 1 }));
    const create = async (count: number) => {
      const body = { region_id, items: items.slice(0, count) };
      return `/store/carts/${(await shop.post("/store/carts", body)).body.cart.id}`;
    };
    at = await create(30);
    small = await create(1);
  });

  it("is refused in words, and a row that many share counts each time it is shown", async () => {
    const { status, body } = await shop.get(`${at}?expand=items.variant.product,items.tax_lines`);
    expect([status, body]).toEqual([
      400,
      { type: "invalid_data", message: expect.stringMatching(message) },
    ]);
    expect((await shop.get(`${small}?expand=items.variant.product`)).status).toBe(200);
  });

  it("is never refused where it answers a write", async () => {
    const answer = await shop.post(at, { email: "gro@example.com" });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text.length).toBeGreaterThan(40 * 1024);
  });

  it("is refused for too many relations", async () => {
    const { status, body } = await shop.get(`${at}?expand=${cartPaths()}`);
    expect([status, body.message]).toEqual([400, expect.stringMatching(/at most 40 may be named/)]);
  });
});
