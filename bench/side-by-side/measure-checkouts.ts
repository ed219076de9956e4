import {
  addWorkload,
  type Bench,
  byTurns,
  loadTurn,
  type PlannedStep,
  secondsOfTurns,
  type Turn,
  withUse,
} from "./bench.ts";
import { checkOut, SHOWN_STEPS } from "./checkout.ts";
import type { Round } from "./figures.ts";
import { Connection, ErrorCounts, type Job } from "./http-load.ts";
import type { OpenShop } from "./measure-reads.ts";
import { POSTGRESQL } from "./report.ts";
import type { Shop } from "./shop.ts";
import type { StatementLoop } from "./statement-loop.ts";

const SHOPPERS = 8;

/** The names of how checkouts are measured. */
export const ONE = "one shopper";
export const DIFFERENT = "eight shoppers, different products";
export const HOT = "eight shoppers, one product";

const variantsFor: Readonly<Record<string, (shop: Shop) => string[]>> = {
  [ONE]: ({ variants }) => variants.slice(0, 1),
  [DIFFERENT]: ({ variants }) => variants.slice(0, SHOPPERS),
  [HOT]: ({ variants }) => Array.from({ length: SHOPPERS }, () => variants[0]!),
};

/** Collects the times of steps by the name of the workload, a round at a time. */
class StepTimes {
  readonly #rounds = new Map<string, Map<string, Round[]>>();

  add(step: string, server: string, times: readonly number[]): void {
    const servers = this.#rounds.get(step) ?? new Map<string, Round[]>();
    this.#rounds.set(step, servers);
    servers.set(server, [...(servers.get(server) ?? []), { times, errors: [] }]);
  }

  /** Returns the rounds of a step without the first, which warmed up. */
  roundsOf(step: string): Map<string, Round[]> {
    const servers = this.#rounds.get(step) ?? new Map<string, Round[]>();
    return new Map([...servers].map(([server, rounds]) => [server, rounds.slice(1)]));
  }
}

/**
 * Checkouts end to end, and the steps of them. All take part in the same rounds, so that one hot
 * product is compared with many under the same conditions.
 */
export function planCheckouts(
  bench: Bench,
  nettle: OpenShop,
  medusa: OpenShop,
  statements: StatementLoop,
): PlannedStep {
  const steps = new StepTimes();
  const turns = [ONE, DIFFERENT, HOT].flatMap((kind) => {
    const isShort = bench.options.isQuick && kind === HOT;
    const shops = isShort ? [nettle] : [nettle, medusa];
    const ofShops = shops.map((open) => shopTurn(kind, open, steps));
    return isShort ? ofShops : [...ofShops, statementTurn(kind, nettle.shop, statements, steps)];
  });
  // Medusa needs that long for some checkouts.
  const seconds = bench.options.seconds * 2;
  return {
    name: "checkouts",
    seconds: secondsOfTurns(bench, turns.length, seconds),
    run: async () => {
      const rounds = await byTurns(bench, turns, seconds);
      for (const kind of [ONE, DIFFERENT, HOT]) {
        const servers = [...rounds].flatMap(([name, each]) => {
          const server = name.startsWith(`${kind}: `) ? name.slice(kind.length + 2) : undefined;
          return server ? [[server, each] as const] : [];
        });
        addWorkload(bench, `checkout, ${kind}`, new Map(servers));
        for (const step of SHOWN_STEPS)
          addWorkload(bench, `${step}, ${kind}`, steps.roundsOf(`${step}, ${kind}`));
      }
    },
  };
}

type Took = (step: string, milliseconds: number) => void;

/** Runs checkouts for some seconds and notes their steps. */
async function noting(
  steps: StepTimes,
  kind: string,
  server: string,
  run: (took: Took) => Promise<Round>,
): Promise<Round> {
  const times = new Map<string, number[]>(SHOWN_STEPS.map((step) => [step, []]));
  const round = await run((step, took) => times.get(step)?.push(took));
  for (const [step, each] of times) steps.add(`${step}, ${kind}`, server, each);
  return round;
}

const shopTurn = (kind: string, { server, shop }: OpenShop, steps: StepTimes): Turn => ({
  name: `${kind}: ${server.name}`,
  run: (seconds) =>
    withUse(server, () =>
      noting(steps, kind, server.name, (took) =>
        shopFor(shop, variantsFor[kind]!(shop), seconds, took),
      ),
    ),
});

const statementTurn = (
  kind: string,
  shop: Shop,
  statements: StatementLoop,
  steps: StepTimes,
): Turn => ({
  name: `${kind}: ${POSTGRESQL}`,
  run: (seconds) =>
    noting(steps, kind, POSTGRESQL, (took) =>
      statements.checkOut(shop, variantsFor[kind]!(shop), seconds, took),
    ),
});

/** Checks out again and again: a shopper for each of the variants. */
async function shopFor(
  shop: Shop,
  variants: readonly string[],
  seconds: number,
  took: Took,
): Promise<Round> {
  const begin = performance.now();
  const times: number[] = [];
  const errors = new ErrorCounts();
  const shopper = async (variant: string): Promise<void> => {
    const connection = new Connection(shop.url);
    while (performance.now() - begin < seconds * 1000) {
      const startedAt = performance.now();
      try {
        await checkOut(connection, shop, variant, took);
        times.push(performance.now() - startedAt);
      } catch (error) {
        errors.add((error as Error).message);
      }
    }
    connection.end("");
  };
  await Promise.all(variants.map(shopper));
  const rate = times.length / ((performance.now() - begin) / 1000);
  return { rate, times, errors: errors.list() };
}

/** Adds to carts of ten lines, eight at once, each to a cart of its own. */
export function planLargeCarts(bench: Bench, nettle: OpenShop, medusa: OpenShop): PlannedStep {
  const name = "add line to a cart of 10 lines, eight at once";
  return {
    name,
    seconds: secondsOfTurns(bench, 2) + 5,
    run: async () => {
      const turns = await Promise.all(
        [nettle, medusa].map(async ({ server, shop }) =>
          loadTurn(server, await nextLine(shop), SHOPPERS),
        ),
      );
      addWorkload(bench, name, await byTurns(bench, turns));
    },
  };
}

async function nextLine({ url, regionId, variants }: Shop): Promise<() => Job> {
  const body = JSON.stringify({
    region_id: regionId,
    items: variants.slice(0, 10).map((id) => ({ variant_id: id, quantity: 1 })),
  });
  const connection = new Connection(url);
  const carts: string[] = [];
  for (let number = 0; number < SHOPPERS; number++) {
    const answer = await connection.ask({ method: "POST", path: "/store/carts", body }, true);
    carts.push((JSON.parse(answer.text) as { cart: { id: string } }).cart.id);
  }
  connection.end("");
  const added = JSON.stringify({ variant_id: variants[0], quantity: 1 });
  const free = [...carts];
  return () => {
    // A cart is taken by one request at a time.
    const cart = free.shift() ?? carts[0]!;
    return {
      method: "POST",
      path: `/store/carts/${cart}/line-items`,
      body: added,
      done: () => free.push(cart),
    };
  };
}
