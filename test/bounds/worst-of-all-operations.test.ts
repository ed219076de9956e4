import { existsSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { countStatements } from "../support/count-statements.ts";
import { openShop } from "../support/open-shop.ts";
import { backendMemory } from "./backend-memory.ts";
import { fillLargeShop, type LargeShop, LINES } from "./large-shop.ts";
import { type WorstRequest, WorstRequests } from "./worst-requests-of.ts";

const MB = 1024 * 1024;
const REQUESTS_OF_A_ROUND = 16;
/** How many of the slowest requests are sent again: what they cost then is their own cost. */
const SLOWEST = 8;

/** Of a statement with as many relations as may be named, and half as much again. */
const MAX_STATEMENT_LENGTH = 45_000;
/** More than any request needs, however many rows it is about. */
const MAX_STATEMENTS = 40;

interface SentRequest {
  readonly request: WorstRequest;
  /** Whether the carts' customer sent it; otherwise a visitor did. */
  readonly isCustomer: boolean;
  readonly cost: Cost;
}

interface Cost {
  readonly status: number;
  readonly text: string;
  readonly statements: number;
  /** The length of the longest statement, in characters: planning costs by its relations. */
  readonly longest: number;
  readonly ms: number;
  readonly blockedMs: number;
}

/**
 * Thousands of requests that the API document allows are made up from it: with as many rows,
 * relations, values and bytes as it takes. Each is answered in words. None costs more than a known
 * multiple of an ordinary request: of a cart with one line, where a full one has 250.
 */
describe.runIf(existsSync("/proc/self/status"))("the worst requests of every operation", () => {
  // A statement that takes longer is stopped, and its request answered with 503.
  const shop = openShop({ settings: { LOG_LEVEL: "silent", DATABASE_STATEMENT_SECONDS: "4" } });
  let large: LargeShop;
  let ordinary: Cost;
  beforeAll(async () => {
    large = await fillLargeShop(shop);
    const cart = { method: "get", path: large.smallCart, body: undefined } as const;
    for (let warm = 0; warm < 20; warm++) await costOf(cart);
    ordinary = await leastCostOf(cart);
  }, 300_000);

  const delay = monitorEventLoopDelay({ resolution: 1 });
  async function costOf({ method, path, body }: WorstRequest, isCustomer = false): Promise<Cost> {
    const { headers } = large;
    const sent = { "content-type": "application/json", ...(isCustomer ? headers : {}) };
    const request = { method: method.toUpperCase(), headers: sent, body: JSON.stringify(body) };
    let answer = { status: 0, text: "" };
    delay.reset();
    delay.enable();
    const start = performance.now();
    const sentTexts = await countStatements(async () => {
      const response = await fetch(`${shop.url}${path}`, request);
      answer = { status: response.status, text: await response.text() };
    });
    const ms = performance.now() - start;
    delay.disable();
    const statements = sentTexts.length;
    const longest = Math.max(0, ...sentTexts.map((text) => text.length));
    return { ...answer, statements, longest, ms, blockedMs: delay.max / 1e6 };
  }
  /** The least cost of a few tries: what other programs of the machine take does not count. */
  async function leastCostOf(request: WorstRequest, isCustomer?: boolean): Promise<Cost> {
    const costs: Cost[] = [];
    for (let times = 0; times < 4; times++) costs.push(await costOf(request, isCustomer));
    const least = (pick: (cost: Cost) => number) => Math.min(...costs.map(pick));
    return { ...costs[0]!, ms: least(({ ms }) => ms), blockedMs: least((cost) => cost.blockedMs) };
  }

  /** Sends requests of each operation, as a visitor and as the carts' customer. */
  async function sendRound(seed: number) {
    const sent: SentRequest[] = [];
    for (const [index, operation] of large.operations.entries()) {
      const worst = new WorstRequests(large.knownFor(operation), seed * 1000 + index);
      for (let number = 0; number < REQUESTS_OF_A_ROUND; number++) {
        const [request, isCustomer] = [worst.of(operation), number % 2 === 1];
        const cost = await costOf(request, isCustomer);
        const about = `${request.method} ${request.path} ${JSON.stringify(request.body)}`;
        const seen = `${about.slice(0, 500)}: ${cost.status} ${cost.text.slice(0, 300)}`;
        expect(cost.status, seen).toBeLessThan(500);
        expect(cost.text.length, seen).toBeLessThan(2 * LINES * ordinary.text.length);
        expect(cost.statements, seen).toBeLessThan(MAX_STATEMENTS);
        expect(cost.longest, seen).toBeLessThan(MAX_STATEMENT_LENGTH);
        sent.push({ request, isCustomer, cost: { ...cost, text: "" } });
      }
    }
    return sent;
  }

  async function mustCostLittle(sent: readonly SentRequest[]): Promise<void> {
    for (const pick of ["ms", "blockedMs"] as const) {
      const slowest = sent.toSorted((one, other) => other.cost[pick] - one.cost[pick]);
      for (const { request, isCustomer } of slowest.slice(0, SLOWEST)) {
        const cost = await leastCostOf(request, isCustomer);
        const about = `${request.method} ${request.path}`.slice(0, 300);
        expect(cost.ms / ordinary.ms, about).toBeLessThan(LINES);
        expect(cost.blockedMs / ordinary.ms, about).toBeLessThan(LINES / 2);
      }
    }
  }

  const collectGarbage = () => {
    setFlagsFromString("--expose-gc");
    (runInNewContext("gc") as () => void)();
  };
  async function memory() {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return { own: heapUsed + external, database: await backendMemory(shop.knex) };
  }

  it("are answered in words, at a bounded cost, and leave memory as it was", async () => {
    const first = await sendRound(1);
    // Caches are full by now, in this process and in each connection.
    const before = await memory();
    const second = await sendRound(2);
    const after = await memory();
    expect(after.own - before.own).toBeLessThan(96 * MB);
    expect(after.database - before.database).toBeLessThan(96 * MB);
    const sent = [...first, ...second];
    // They are what was meant, and not only refusals of what is not allowed.
    expect(sent.length).toBeGreaterThan(2000);
    const succeeded = sent.filter(({ cost }) => cost.status < 300);
    expect(succeeded.length).toBeGreaterThan(sent.length / 3);
    await mustCostLittle(sent);
  }, 600_000);
});
