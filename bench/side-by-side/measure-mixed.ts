import { addWorkload, type Bench, type PlannedStep, withUse } from "./bench.ts";
import { quantile, type Round } from "./figures.ts";
import { load } from "./http-load.ts";
import type { OpenShop } from "./measure-reads.ts";
import { MixedStorefront } from "./mixed-storefront.ts";
import { hitRateBetween, readMemoryCounts } from "./read-metrics.ts";
import type { MixedLevel, Recovery } from "./report.ts";
import type { Server } from "./servers.ts";
import { short } from "./table.ts";

const LEVELS = [8, 32, 128, 512, 2048];
/** From here on refusals belong to what is measured. */
const OVERLOAD = 512;
const MAX_ROUNDS = 3;
const LIGHT = 8;
const RECOVERY_SECONDS = 8;

export const mixedName = (connections: number) => `mixed storefront, ${connections} at once`;

/** Where the mixed storefront's own figures are noted. */
export interface MixedFigures {
  readonly levels: MixedLevel[];
  readonly recovery: Recovery[];
}

interface Shopping {
  readonly server: Server;
  readonly storefront: MixedStorefront;
}

/**
 * A storefront with more and more shoppers, until a server refuses them, and how long a light load
 * takes after that.
 */
export function planMixed(
  bench: Bench,
  shops: readonly OpenShop[],
  figures: MixedFigures,
): PlannedStep[] {
  const { isQuick } = bench.options;
  const levels = isQuick ? [32] : LEVELS;
  const shopping: Shopping[] = [];
  const open: PlannedStep = {
    name: "mixed storefront, carts",
    seconds: 15,
    run: async () => {
      for (const { server, shop } of shops)
        shopping.push({ server, storefront: await MixedStorefront.open(shop) });
    },
  };
  const ofLevels = levels.map((connections) => planLevel(bench, shopping, connections, figures));
  const recovery: PlannedStep = {
    name: "mixed storefront, recovery after an overload",
    seconds: shops.length * (RECOVERY_SECONDS + 6),
    run: async () => {
      for (const one of shopping) figures.recovery.push(await measureRecovery(one));
      for (const { server, p99s } of figures.recovery)
        console.log(
          `${server}, p99 in each second after an overload: ${p99s.map(short).join(" ")} ms`,
        );
    },
  };
  return [open, ...ofLevels, ...(isQuick ? [] : [recovery])];
}

function planLevel(
  bench: Bench,
  shopping: readonly Shopping[],
  connections: number,
  { levels }: MixedFigures,
): PlannedStep {
  const { rounds, seconds } = bench.options;
  const isOverload = connections >= OVERLOAD;
  const times = isOverload ? 1 : Math.min(rounds, MAX_ROUNDS);
  const each = seconds * (isOverload ? 4 : 2);
  const name = mixedName(connections);
  return {
    name,
    seconds: 2 * (times + 0.25) * each + (isOverload ? 15 : 0),
    run: async () => {
      const done = new Map(shopping.map(({ server }) => [server.name, [] as Round[]]));
      for (const one of shopping) await measureLevel(one, connections, each / 4);
      for (let round = 1; round <= times; round++)
        for (const one of shopping) {
          const measured = await measureLevel(one, connections, each);
          done.get(one.server.name)!.push(measured.round);
          if (round === times) levels.push(measured.level);
        }
      addWorkload(bench, name, done, isOverload);
      printLevels(levels.filter((level) => level.connections === connections));
    },
  };
}

async function measureLevel(
  { server, storefront }: Shopping,
  connections: number,
  seconds: number,
): Promise<{ round: Round; level: MixedLevel }> {
  const [before, orders] = [await readMemoryCounts(server), storefront.orders];
  let refused: readonly number[] = [];
  let took = 0;
  const round = await withUse(server, async () => {
    const result = await load(server.url, () => storefront.next(), connections, seconds);
    refused = result.refusedTimes;
    took = result.seconds;
    const { answers, times, errors } = result;
    return { rate: answers / took, times, errors };
  });
  const hitRate = hitRateBetween(before, await readMemoryCounts(server));
  const level = {
    server: server.name,
    connections,
    orders: Number(((storefront.orders - orders) / took).toFixed(1)),
    ...(hitRate !== undefined && { hitRate }),
    ...(refused.length > 0 && { refusedP50: Number(quantile(refused, 0.5).toFixed(1)) }),
  };
  return { round, level };
}

/** Overloads a server, and then measures each second of a light load. */
async function measureRecovery({ server, storefront }: Shopping): Promise<Recovery> {
  await load(server.url, () => storefront.next(), LEVELS.at(-1)!, 3, 1);
  const p99s: number[] = [];
  for (let second = 0; second < RECOVERY_SECONDS; second++) {
    const { times } = await load(server.url, () => storefront.next(), LIGHT, 1, 2);
    p99s.push(Number(quantile(times, 0.99).toFixed(1)));
  }
  return { server: server.name, p99s };
}

function printLevels(levels: readonly MixedLevel[]): void {
  for (const { server, orders, hitRate, refusedP50 } of levels)
    console.log(
      `  ${server}: ${orders} orders a second` +
        (hitRate === undefined ? "" : `, ${(100 * hitRate).toFixed(1)} % of reads from memory`) +
        (refusedP50 === undefined ? "" : `, refused after ${short(refusedP50)} ms (median)`),
    );
}
