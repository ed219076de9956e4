import { setTimeout as sleep } from "node:timers/promises";
import type { ShopUser } from "./shop-users.ts";

/** An answer that somebody in the shop waited for. */
interface Answer {
  readonly what: string;
  readonly from: number;
  readonly until: number;
  /** What was wrong with it; undefined if nothing was. */
  readonly failure: string | undefined;
}

/** How a shop answered while something went on. */
export interface LoadFigures {
  /** Of the requests that were open while it went on. */
  readonly requests: number;
  /** Of all requests of this load, each in words. */
  readonly failures: readonly string[];
  /** The longest of the requests that were open while it went on, in milliseconds. */
  readonly longest: number;
  readonly median: number;
}

/** The pause of a user between two rounds: a steady load, not the greatest one. */
const PAUSE_MS = 50;

/**
 * Lets the users of a shop work while an action runs. It starts once each of them has done one
 * whole round, and they do another one afterwards, so every kind of request is there before, during
 * and after it.
 */
export async function withLoad(
  users: readonly ShopUser[],
  action: () => Promise<unknown>,
): Promise<LoadFigures> {
  const answers: Answer[] = [];
  const rounds = users.map(() => 0);
  let isOver = false;
  const work = async (user: ShopUser, at: number) => {
    while (!isOver) {
      await user.work((what, request) => timed(answers, what, request)).catch(() => undefined);
      rounds[at]! += 1;
      await sleep(PAUSE_MS);
    }
  };
  const working = users.map(work);
  const everybodyWorks = async () => {
    const before = [...rounds];
    while (rounds.some((count, at) => count === before[at])) await sleep(PAUSE_MS);
  };
  try {
    await everybodyWorks();
    const from = performance.now();
    await action();
    const until = performance.now();
    await everybodyWorks();
    return figuresOf(answers, from, until);
  } finally {
    isOver = true;
    await Promise.all(working);
  }
}

/** @throws Error the request failed; the round of its user ends */
async function timed<T>(answers: Answer[], what: string, request: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const note = (failure?: string) =>
    answers.push({ what, from, until: performance.now(), failure });
  try {
    const answer = await request();
    note();
    return answer;
  } catch (error) {
    note(`${what}: ${(error as Error).message}`);
    throw error;
  }
}

function figuresOf(answers: readonly Answer[], from: number, until: number): LoadFigures {
  const open = answers.filter((answer) => answer.until >= from && answer.from <= until);
  const times = open.map((answer) => answer.until - answer.from).toSorted((a, b) => a - b);
  return {
    requests: open.length,
    failures: answers.flatMap(({ failure }) => failure ?? []),
    longest: times.at(-1) ?? 0,
    median: times[Math.floor(times.length / 2)] ?? 0,
  };
}
