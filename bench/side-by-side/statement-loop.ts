import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { createApp } from "../../src/app.ts";
import { composeShop } from "../../src/compose.ts";
import { readConfig } from "../../src/config/config.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { createLog } from "../../src/runtime/log.ts";
import type { Closers } from "../../test/support/closers.ts";
import { type Basket, basketAfter, stepOf, WRITES_OF_A_CHECKOUT } from "./checkout.ts";
import type { Round } from "./figures.ts";
import { idsIn, withFreshIds } from "./fresh-ids.ts";
import { Connection, ErrorCounts, nameOf, type Sent } from "./http-load.ts";
import { type Recorded, recordStatements, replay } from "./record-statements.ts";
import { SECRETS } from "./servers.ts";
import type { Shop } from "./shop.ts";

/** A step of a recorded checkout. */
interface RecordedStep {
  readonly name: string;
  readonly statements: readonly Recorded[];
}

/** The statements of a checkout, and which of their ids are that checkout's own. */
interface RecordedCheckout {
  readonly steps: readonly RecordedStep[];
  readonly isOwn: (id: string) => boolean;
}

/** PostgreSQL's own time: the statements of requests, prepared, over the same driver, no HTTP. */
export interface StatementLoop {
  /** Replays the statements of a read as `load` sends requests. */
  read(sent: Sent, connections: number, seconds: number): Promise<Round>;
  /** Replays whole checkouts with fresh ids; they commit. There is a shopper for each variant. */
  checkOut(
    shop: Shop,
    variants: readonly string[],
    seconds: number,
    took: (step: string, milliseconds: number) => void,
  ): Promise<Round>;
}

/** The settings of our sessions that plans depend on. */
const LIKE_OURS = { options: "-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC" };
const MAX_CONNECTIONS = 10;
/** What is sent the first time only, such as the loading of fixed tables, is not recorded. */
const WARM_UPS = 3;

/** Serves the shop in this process, too, to record the statements of requests. */
export async function openStatementLoop(
  closers: Closers,
  databaseUrl: string,
): Promise<StatementLoop> {
  const url = await serveHere(closers, databaseUrl);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: MAX_CONNECTIONS, ...LIKE_OURS });
  pool.on("error", () => undefined);
  closers.add(() => pool.end());
  const ask = async (sent: Sent): Promise<string> => {
    const connection = new Connection(url);
    const { status, text } = await connection.ask(sent, true);
    connection.end("");
    if (status !== 200) throw new Error(nameOf(sent, status, text));
    return text;
  };
  const send = async (statements: readonly Recorded[], fences?: Map<unknown, string>) => {
    const client = await pool.connect();
    try {
      await replay(client, statements, fences);
    } finally {
      client.release();
    }
  };
  const checkouts = new Map<string, RecordedCheckout>();
  return {
    read: async (sent, connections, seconds) => {
      for (let number = 0; number < WARM_UPS; number++) await ask(sent);
      const statements = await recordStatements(() => ask(sent));
      return loop(connections, seconds, () => send(statements));
    },
    checkOut: async (shop, variants, seconds, took) => {
      for (const variant of variants)
        if (!checkouts.has(variant))
          checkouts.set(variant, await recordCheckout(shop, variant, ask));
      return loop(variants.length, seconds, async (shopper) => {
        const { steps, isOwn } = checkouts.get(variants[shopper]!)!;
        const freshIds = new Map<string, string>();
        const fences = new Map<unknown, string>();
        for (const { name, statements } of steps) {
          const fresh = withFreshIds(statements, isOwn, freshIds);
          const begin = performance.now();
          await send(fresh, fences).catch((error: Error) => {
            throw new Error(`${name}: ${error.message}`);
          });
          took(name, performance.now() - begin);
        }
      });
    },
  };
}

async function serveHere(closers: Closers, databaseUrl: string): Promise<string> {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    JWT_SECRET: SECRETS.jwt,
    COOKIE_SECRET: SECRETS.cookie,
    RATE_LIMIT: "off",
    LOG_LEVEL: "silent",
  });
  const knex = await openDatabase(config.database, databaseUrl);
  closers.add(() => knex.destroy());
  const log = createLog("silent");
  const shop = composeShop(config, { knex, providers: createProviders(10), log });
  const server = createServer(createApp(config, { knex, redis: undefined, log }, shop));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closers.add(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Checks out several times; an id that two checkouts share is the shop's, not theirs. */
async function recordCheckout(
  shop: Shop,
  variant: string,
  ask: (sent: Sent) => Promise<string>,
): Promise<RecordedCheckout> {
  const once = async (): Promise<RecordedStep[]> => {
    const steps: RecordedStep[] = [];
    let basket: Basket = { cartId: "", lines: [] };
    for (let at = 0; at < WRITES_OF_A_CHECKOUT; at++) {
      const { name, sent } = stepOf(shop, variant, basket, at);
      const statements = await recordStatements(async () => {
        basket = basketAfter(await ask(sent));
      });
      steps.push({ name, statements });
    }
    return steps;
  };
  for (let number = 1; number < WARM_UPS; number++) await once();
  const others = idsIn((await once()).flatMap(({ statements }) => statements));
  const steps = await once();
  return { steps, isOwn: (id) => !others.has(id) };
}

async function loop(
  atOnce: number,
  seconds: number,
  once: (number: number) => Promise<void>,
): Promise<Round> {
  const begin = performance.now();
  const times: number[] = [];
  const errors = new ErrorCounts();
  const one = async (_: unknown, number: number) => {
    while (performance.now() - begin < seconds * 1000) {
      const startedAt = performance.now();
      try {
        await once(number);
        times.push(performance.now() - startedAt);
      } catch (error) {
        errors.add((error as Error).message);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const rate = times.length / ((performance.now() - begin) / 1000);
  return { rate, times, errors: errors.list() };
}
