import type { Closers } from "../../test/support/closers.ts";
import { figuresOf, type Round, type Workload } from "./figures.ts";
import { type Job, load } from "./http-load.ts";
import type { Options } from "./options.ts";
import { useOf } from "./process-use.ts";
import type { Server } from "./servers.ts";
import { printWorkload } from "./table.ts";

/** What every measurement works with. */
export interface Bench {
  readonly options: Options;
  readonly closers: Closers;
  readonly workloads: Workload[];
}

/** A measurement, and how many seconds it will take. */
export interface PlannedStep {
  readonly name: string;
  readonly seconds: number;
  run(): Promise<void>;
}

/** What is run by turns: its name, and how it is run for some seconds. */
export interface Turn {
  readonly name: string;
  run(seconds: number): Promise<Round>;
}

/**
 * Runs each of them once a round, so that other load on the machine falls on all alike. A round
 * before the first one warms up.
 */
export async function byTurns(
  { options }: Bench,
  turns: readonly Turn[],
  seconds = options.seconds,
): Promise<Map<string, Round[]>> {
  const rounds = new Map(turns.map(({ name }) => [name, [] as Round[]]));
  for (let round = -1; round < options.rounds; round++)
    for (const { name, run } of turns) {
      const done = await run(round < 0 ? seconds / 2 : seconds);
      if (round >= 0) rounds.get(name)!.push(done);
    }
  return rounds;
}

/** How long `byTurns` takes, in seconds. */
export const secondsOfTurns = (
  { options }: Bench,
  turns: number,
  seconds = options.seconds,
): number => turns * seconds * (options.rounds + 0.5);

/** Notes a workload and prints it. */
export function addWorkload(
  { workloads }: Bench,
  name: string,
  rounds: ReadonlyMap<string, readonly Round[]>,
  mayFail = false,
): void {
  const figures = [...rounds].map(([server, each]) => figuresOf(server, each));
  const workload = { name, figures, ...(mayFail && { mayFail }) };
  workloads.push(workload);
  printWorkload(workload);
}

/** Notes what a server's processes use while something runs. */
export async function withUse(server: Server, run: () => Promise<Round>): Promise<Round> {
  const before = useOf(server.pid);
  const round = await run();
  const after = useOf(server.pid);
  return { ...round, cpu: after.cpu - before.cpu, memory: after.memory };
}

/** A turn that sends requests over so many connections. */
export const loadTurn = (
  server: Server,
  next: () => Job,
  connections: number,
  drainSeconds?: number,
): Turn => ({
  name: server.name,
  run: (seconds) =>
    withUse(server, async () => {
      const {
        answers,
        times,
        errors,
        seconds: took,
      } = await load(server.url, next, connections, seconds, drainSeconds);
      return { rate: answers / took, times, errors };
    }),
});
