import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, PlannedStep } from "./bench.ts";
import { medianOf } from "./figures.ts";
import { useOf } from "./process-use.ts";
import type { Start } from "./report.ts";
import type { Server } from "./servers.ts";

const IDLE_SECONDS = 10;

/** Starts a server several times on an existing database, alone. */
export function planStarts(
  { options }: Bench,
  starts: Start[],
  servers: readonly { name: string; seconds: number; start: () => Promise<Server> }[],
): PlannedStep[] {
  return servers.map(({ name, seconds, start }) => {
    const times = options.isQuick ? 2 : options.rounds;
    return {
      name: `start of ${name}`,
      seconds: times * seconds + IDLE_SECONDS,
      run: async () => {
        const firstAnswers: number[] = [];
        let atRest = 0;
        for (let number = 1; number <= times; number++) {
          const server = await start();
          firstAnswers.push(Math.round(server.startedIn));
          if (number === times) {
            await sleep(IDLE_SECONDS * 1000);
            atRest = Math.round(useOf(server.pid).memory);
          }
          await server.stop();
        }
        starts.push({ server: name, firstAnswers, atRest });
        const median = medianOf(firstAnswers);
        console.log(
          `\n${name}: ${median} ms to the first answer (median of ${times}), ${atRest} MB at rest`,
        );
      },
    };
  });
}
