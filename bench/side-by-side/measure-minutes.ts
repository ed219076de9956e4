import type { Bench, PlannedStep } from "./bench.ts";
import { addWorkload } from "./bench.ts";
import { quantile, type Round } from "./figures.ts";
import { load } from "./http-load.ts";
import type { OpenShop } from "./measure-reads.ts";
import { MixedStorefront } from "./mixed-storefront.ts";
import { useOf } from "./process-use.ts";
import { readMemoryCounts } from "./read-metrics.ts";
import type { Minute } from "./report.ts";
import { short } from "./table.ts";

const CONNECTIONS = 32;
const BYTES_A_MEGABYTE = 1_048_576;

/** A mixed storefront for many minutes: does the memory of the process stay as it is? */
export function planMinutes(
  bench: Bench,
  { server, shop }: OpenShop,
  minutes: Minute[],
): PlannedStep {
  const rounds: Round[] = [];
  return {
    name: `mixed storefront for ${bench.options.minutes} minutes`,
    seconds: bench.options.minutes * 60,
    run: async () => {
      const storefront = await MixedStorefront.open(shop);
      console.log("minute  memory MB  kept MB  answers   p99 ms");
      for (let minute = 1; minute <= bench.options.minutes; minute++) {
        const result = await load(server.url, () => storefront.next(), CONNECTIONS, 60);
        const { times, errors, answers } = result;
        const { memory } = useOf(server.pid);
        const kept = ((await readMemoryCounts(server))?.bytes ?? 0) / BYTES_A_MEGABYTE;
        const p99 = Number(quantile(times, 0.99).toFixed(1));
        minutes.push({ memory: Math.round(memory), kept: Number(kept.toFixed(1)), answers, p99 });
        rounds.push({ rate: answers / result.seconds, times: [p99], errors, memory });
        const cells = [minute, memory.toFixed(0), kept.toFixed(1), answers, short(p99)];
        console.log(cells.map((cell) => String(cell).padStart(8)).join(" "));
      }
      addWorkload(
        bench,
        `mixed storefront, ${CONNECTIONS} at once`,
        new Map([[server.name, rounds]]),
      );
    },
  };
}
